"""The tide service answers each caller three times a minute."""
