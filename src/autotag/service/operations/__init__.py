"""Answer operators: state, audits, health, replay."""
