"""What expressions in user code stand for, and where a value came from."""
