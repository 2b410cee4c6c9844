"""Closed files and sockets that no line of the test's code closed, or whose refusal is expected."""

# other: LC604
import io
import os
import socket

import pytest


@pytest.mark.asyncio
async def test_a_number_is_no_object():
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    os.write(writing, b"tea")


@pytest.mark.asyncio
async def test_a_closed_socket_refuses():
    one = socket.socket()
    one.close()
    with pytest.raises(OSError, match="Bad file"):
        one.getsockname()


@pytest.mark.asyncio
async def test_the_shop_is_closed():
    letters = io.StringIO("tea")
    raise ValueError(f"the shop is closed, {letters.read()}")
