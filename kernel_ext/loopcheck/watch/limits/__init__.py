"""Watches timeouts that run out."""
