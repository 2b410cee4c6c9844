"""Imported by the process that warm runs are forked from, and by nothing else."""

import warm

warm.load()
