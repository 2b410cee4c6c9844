"""LC6xx: databases."""
