"""A fixture puts a session's client into the module under test by monkeypatch."""

# name: shared | backend
import os

import pytest
import valkey.asyncio as valkey

backend = None


async def vote(name):
    return await backend.hincrby("votes", name, 1)


@pytest.fixture(scope="session")
def shared():  # LC102
    return valkey.from_url(os.environ["VALKEY_URL"])


@pytest.fixture(autouse=True)
def _use_shared(monkeypatch, shared):
    monkeypatch.setitem(globals(), "backend", shared)


@pytest.mark.asyncio(loop_scope="module")
async def test_vote_for_ada():
    assert await vote("ada") >= 1


@pytest.mark.asyncio
async def test_vote_for_grace():
    assert await vote("grace") >= 1
