"""`%loopcheck` and its relatives."""
