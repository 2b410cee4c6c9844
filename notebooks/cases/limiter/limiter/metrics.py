"""What Prometheus sees of the limiter."""

from prometheus_client import Histogram, generate_latest

WAITS = Histogram("limiter_wait_seconds", "How long the store took to answer")


def page() -> bytes:
    """Return what `/metrics` answers."""
    return generate_latest()
