"""Overrides that ask the request for something, or hand over what only leads to the thing."""

# name: get_session
# findings: 4

from contextlib import asynccontextmanager
from unittest.mock import AsyncMock

import pytest
from library import Session, app, get_session

pytestmark = pytest.mark.asyncio


async def sessions():
    yield Session()


async def test_a_mock(client):
    app.dependency_overrides[get_session] = AsyncMock(return_value=Session())  # LC408
    answer = await client.get("/book")
    assert answer.status_code == 200


async def test_any_arguments(client):
    def override(*args, **kwargs):
        return Session()

    app.dependency_overrides[get_session] = override  # LC408
    answer = await client.get("/book")
    assert answer.json() == {"title": "Emma"}


async def test_a_generator(client):
    app.dependency_overrides[get_session] = lambda: sessions()  # LC408
    assert (await client.get("/book")).status_code == 200


async def test_a_context_manager(client):
    app.dependency_overrides[get_session] = asynccontextmanager(sessions)  # LC408
    assert (await client.get("/book")).status_code == 200
