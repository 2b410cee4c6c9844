"""Mocks: how they were made, set and called, and what that hides."""
