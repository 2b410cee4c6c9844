"""Event loops: which ones exist, what they have to do, where two of them met."""
