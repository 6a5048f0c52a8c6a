"""The state machine of one asset, with its write-ahead intent."""
