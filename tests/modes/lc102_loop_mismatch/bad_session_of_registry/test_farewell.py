"""What fails only has a local name for the session; the registry of another module keeps it."""

import asyncio

import pytest
from state import open_session


async def farewell(name):
    session = open_session(name)
    return await asyncio.wait_for(asyncio.shield(session.done), 1)


@pytest.mark.asyncio
async def test_it_is_open():
    assert not open_session("bob").done.done()


@pytest.mark.asyncio
async def test_farewell():
    asyncio.get_running_loop().call_later(0.1, open_session("bob").done.set_result, "bye")
    assert await farewell("bob") == "bye"
