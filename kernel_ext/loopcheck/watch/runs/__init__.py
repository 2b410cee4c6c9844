"""Runs of tests as the process sees them: who runs them, and what they expect."""
