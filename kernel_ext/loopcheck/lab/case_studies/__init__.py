"""Case studies: projects with several faults, run with and without each mend."""
