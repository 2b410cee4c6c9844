"""The mock is the return value in a decorator: the test's parameter is the only name for it."""

# name: factory.return_value.is_open
from unittest.mock import AsyncMock, patch

import pytest


class Network:
    def connect(self):
        raise OSError("no network in tests")


async def state(network):
    connection = network.connect()
    await connection.ping()
    return "up" if connection.is_open() else "down"


@pytest.mark.asyncio
@patch.object(Network, "connect", return_value=AsyncMock())  # LC402
async def test_down(factory):
    factory.return_value.is_open.return_value = False
    assert await state(Network()) == "down"
