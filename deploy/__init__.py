"""``make deploy``: the SAM CLI with checked parameters, and with one architecture for its build and its deploy."""
