"""The files that `loopcheck new` writes: those of a mode, and those of a team's lessons."""
