"""LC1xx: event loops."""
