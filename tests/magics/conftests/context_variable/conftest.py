from contextvars import ContextVar

import pytest
import pytest_asyncio

SESSION = ContextVar("session", default=None)


@pytest_asyncio.fixture
async def session():
    token = SESSION.set("session 1")
    yield
    SESSION.reset(token)


@pytest.fixture
def nested(session):
    before = SESSION.get()
    token = SESSION.set("session 2")
    yield before
    SESSION.reset(token)


@pytest_asyncio.fixture
async def current(nested):
    return [nested, SESSION.get()]
