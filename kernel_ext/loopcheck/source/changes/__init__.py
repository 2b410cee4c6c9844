"""Changes of source texts that several modes make: awaits, loop scopes, mocks, settings."""
