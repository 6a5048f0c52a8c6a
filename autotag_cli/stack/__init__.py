"""The stack that a command works on: its lookup, AWS clients, the ops function, scans."""
