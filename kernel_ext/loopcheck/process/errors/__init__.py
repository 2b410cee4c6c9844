"""Errors that were raised: who handed them on, kept, expected or suppressed them."""
