"""Structured metadata: the fields of the account, their rules and datasources, and the values of assets."""
