"""Mocks: how they were created, configured and called, and what that hides."""
