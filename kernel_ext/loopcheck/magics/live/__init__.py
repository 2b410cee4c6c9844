"""`%loopcheck live`: loops, tasks, fixtures and tests while they run."""
