"""Why: the catalogue of failure modes, one file a mode."""
