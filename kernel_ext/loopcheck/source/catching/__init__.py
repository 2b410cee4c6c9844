"""Who catches an error, and what an `except` or the exit of a `with` makes of it."""
