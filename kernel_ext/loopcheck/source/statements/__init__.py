"""What statements of user code do: which of them ran, change nothing, loop, fill or return."""
