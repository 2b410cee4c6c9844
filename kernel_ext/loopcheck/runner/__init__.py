"""What pytest and its plugins know: tests, fixtures, scopes and settings."""
