"""LC4xx: mocks and patches."""
