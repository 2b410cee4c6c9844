"""Event loops: which exist, what they have to do, where two of them met."""
