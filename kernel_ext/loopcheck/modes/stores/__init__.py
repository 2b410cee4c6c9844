"""LC5xx: stores, locks and errors."""
