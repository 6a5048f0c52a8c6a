"""The stack a command works on: finding it, AWS, the ops function, scans."""
