"""Patches: what they replaced, and which names they never reached."""
