"""Watches a test that hangs, and ends it."""
