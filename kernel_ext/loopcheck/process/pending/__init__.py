"""Work that had not finished when a line read its result."""
