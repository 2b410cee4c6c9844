"""What a task waits for, and what could still wake it."""
