"""Readers of the live process, one subject a file. They change nothing."""
