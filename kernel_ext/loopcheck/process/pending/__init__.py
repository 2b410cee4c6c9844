"""Work that had not finished when a line looked for its result."""
