"""Rules in the form that decisions look things up in."""
