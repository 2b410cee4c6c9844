"""The line of the project that should have ended a wait: it runs, but wakes nothing."""
