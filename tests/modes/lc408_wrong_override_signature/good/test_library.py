"""Without parameters, and giving the thing itself: sync or async, returned or yielded."""

import pytest
from library import Session, app, get_session


async def yields():
    yield Session()


async def returns():
    return Session()


def returns_at_once():
    return Session()


@pytest.mark.asyncio
@pytest.mark.parametrize("override", [yields, returns, returns_at_once, lambda: Session()])
async def test_book(client, override):
    app.dependency_overrides[get_session] = override
    assert (await client.get("/book")).json() == {"title": "Emma"}
