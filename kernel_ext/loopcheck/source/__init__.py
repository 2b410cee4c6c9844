"""Reads code as text: syntax trees, statements, calls, handlers. Nothing is imported or run."""
