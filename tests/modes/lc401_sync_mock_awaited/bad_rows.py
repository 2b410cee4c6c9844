"""A plain Mock is told to give a list, and the code under test iterates with `async for`."""

from unittest.mock import Mock

import pytest

pytestmark = pytest.mark.asyncio


async def received(socket):
    return [text async for text in socket.iter_text()]


# name: socket.iter_text
async def test_received():
    socket = Mock()  # LC401
    socket.iter_text.return_value = ["a", "b"]
    assert await received(socket) == ["a", "b"]
