"""Asked for at the last moment, by name."""

# name: event_loop
import pytest


@pytest.fixture
def loop(request):
    return request.getfixturevalue("event_loop")  # LC302


def test_time(loop):
    assert loop.time() > 0
