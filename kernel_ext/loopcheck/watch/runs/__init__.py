"""Test runs as the process sees them: which thread runs them, and what they expect."""
