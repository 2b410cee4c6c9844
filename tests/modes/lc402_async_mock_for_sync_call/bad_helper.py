"""A helper returns the mock and has no name for it; a second one configures it."""

# name: base().current
from unittest.mock import AsyncMock

import pytest


def base():
    return AsyncMock()  # LC402


def auth(name):
    made = base()
    made.current.return_value = {"name": name}
    return made


class Greeter:
    def __init__(self, auth):
        self.auth = auth

    async def greet(self):
        user = self.auth.current()
        return f"hello {user['name']}"


@pytest.mark.asyncio
async def test_greet():
    assert await Greeter(auth("ann")).greet() == "hello ann"
