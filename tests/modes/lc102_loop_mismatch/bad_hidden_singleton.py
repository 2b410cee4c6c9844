"""A getter makes the client on first use and keeps it in a module global."""

# name: _client
import os

import pytest
import valkey.asyncio as valkey

_client = None


def get_client():
    global _client
    if _client is None:
        _client = valkey.from_url(os.environ["VALKEY_URL"])  # LC102
    return _client


class Booking:
    async def reserve(self, room):
        return await get_client().sadd("rooms", room)


@pytest.mark.asyncio(loop_scope="module")
async def test_room_is_reserved():
    await Booking().reserve("blue")


@pytest.mark.asyncio
async def test_other_room_is_reserved():
    await Booking().reserve("green")
