"""Which code catches an error, and what an `except` or the exit of a `with` does with it."""
