"""The Lambda functions: each decodes its event, calls one use-case and maps the result."""
