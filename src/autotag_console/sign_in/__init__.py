"""Signing in to the deployed console: OpenID Connect's code flow with PKCE, and sessions in signed cookies."""
