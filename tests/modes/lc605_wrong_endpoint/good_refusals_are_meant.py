"""What is refused on purpose, and failures that only look like it."""

import asyncio
import os
import re

import asyncpg
import httpx
import pytest
import valkey.asyncio as valkey
from valkey.exceptions import AuthenticationError, ResponseError

STORE = os.environ["VALKEY_URL"]


class InvalidPasswordError(Exception):
    """The shop's own."""


@pytest.mark.asyncio
async def test_wrong_password_is_refused():
    async with valkey.from_url(re.sub(r"://[^@]*@", "://:wrong@", STORE)) as client:
        with pytest.raises(AuthenticationError):
            await client.ping()


@pytest.mark.asyncio
async def test_no_such_database():
    url = os.environ["POSTGRES_URL"].rpartition("/")[0]
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(f"{url}/nowhere")


@pytest.mark.asyncio
async def test_wrong_type():  # fails
    async with valkey.from_url(STORE) as client:
        await client.set("text", "a")
        await client.lpush("text", "b")


@pytest.mark.asyncio
async def test_own_class():  # fails
    raise InvalidPasswordError("password authentication failed for user ada")


@pytest.mark.asyncio
async def test_forbidden():  # fails
    async with httpx.AsyncClient() as client:
        assert (await client.get(os.environ["HTTP_URL"])).status_code == 403


@pytest.mark.asyncio
async def test_slow_query():  # fails: the server is right, and slow
    connection = await asyncpg.connect(os.environ["POSTGRES_URL"])
    try:
        await connection.fetchval("select pg_sleep(5)", timeout=0.1)
    finally:
        await connection.close()


@pytest.mark.asyncio
async def test_blocking_pop_runs_out():  # fails
    async with valkey.from_url(STORE) as client:
        async with asyncio.timeout(0.2):
            await client.blpop("never", timeout=5)


@pytest.mark.asyncio
async def test_caught_and_asserted():  # fails
    try:
        async with valkey.from_url(STORE, password="wrong") as client:
            await client.execute_command("NOSUCHCOMMAND")
    except (AuthenticationError, ResponseError) as error:
        assert "unknown" in str(error).upper()
