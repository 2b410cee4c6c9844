"""A `partial` and a function of the tests create the mock: they got its class as an argument."""

# name: client.size | made().left
# findings: 2
from functools import partial
from unittest.mock import AsyncMock

new_client = partial(AsyncMock, name="client")  # LC402


def made(kind, left):
    double = kind()
    double.left.return_value = left
    return double


def test_size():
    client = new_client()
    client.size.return_value = 3
    assert client.size() * 2 == 6


def test_left():
    limiter = made(AsyncMock, 3)  # LC402
    assert limiter.left() > 2
