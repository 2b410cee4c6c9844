"""Patches: what they replaced, and which names they did not reach."""
