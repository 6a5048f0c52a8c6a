"""What other rules would change, asked of an export; only the console on an operator's machine has it."""
