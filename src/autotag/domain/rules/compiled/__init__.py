"""Rules compiled into lookup tables for decisions."""
