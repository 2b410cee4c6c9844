"""A client for the whole module asks for a connection that each test gets anew."""

# name: client
import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def connection():
    reader = asyncio.StreamReader()
    reader.feed_data(b"ready\n")
    yield reader


@pytest_asyncio.fixture(scope="module")
async def client(connection):  # LC106
    yield {"reads": connection.readline}


@pytest.mark.asyncio
async def test_it_answers(client):
    assert await client["reads"]() == b"ready\n"


@pytest.mark.asyncio
async def test_it_has_one_reader(client):  # a bare AssertionError
    assert list(client) == ["reads"]
