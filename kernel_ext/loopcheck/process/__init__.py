"""Reads the live process: objects, loops, tasks, pools, mocks. Runs no user code."""
