"""What other rules would change, asked of an export in columns. Only the console on an operator's machine has it."""
