"""Nobody is there on purpose, and what fails here fails for another reason."""

import asyncio

import httpx
import pytest
from valkey.asyncio import Valkey
from valkey.exceptions import ConnectionError as StoreDown


class StoreError(Exception):
    pass


async def is_up(port):
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@pytest.mark.asyncio
async def test_it_is_refused():
    with pytest.raises(StoreDown):
        await Valkey(port=9).ping()


@pytest.mark.asyncio
async def test_it_is_down():
    assert not await is_up(9)


@pytest.mark.asyncio
async def test_says_so_wrongly():  # fails: the answer is right, the test is not
    assert await is_up(9)


@pytest.mark.asyncio
async def test_another_error_while_it_is_dealt_with():  # fails
    try:
        await Valkey(port=9).ping()
    except StoreDown:
        assert {"state": "down"} == {"state": "up"}


@pytest.mark.asyncio
async def test_key_error_in_the_handler():  # fails
    try:
        await httpx.AsyncClient().get("http://127.0.0.1:9/")
    except httpx.HTTPError:
        {"apples": 3}["pears"]


@pytest.mark.asyncio
async def test_falls_back_and_counts_wrongly():  # fails
    seen = []
    for port in (9, 1):
        if not await is_up(port):
            seen.append(port)
    assert seen == [9]


@pytest.mark.asyncio
async def test_no_such_file():  # fails: a file, no socket
    open("/nowhere/config.json")


@pytest.mark.asyncio
async def test_says_refused_by_itself():  # fails
    raise ConnectionRefusedError("the oven is off")
