"""What the star brings is `clock` alone."""

import pytest

__all__ = ["clock"]


@pytest.fixture
def clock():
    return 7


@pytest.fixture(name="session")
def db_session(clock):
    return [clock]
