"""The values of expressions in user code, and where a value came from."""
