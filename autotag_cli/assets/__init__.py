"""Commands about one asset: show, audits, replay."""
