"""A mock that is gone over is empty: the code finds nothing, and no line of it fails."""

from unittest.mock import AsyncMock, MagicMock

import pytest

pytestmark = pytest.mark.asyncio


class Report:
    def __init__(self, session):
        self.session = session

    async def names(self):
        result = await self.session.execute("select name")
        rows = result.scalars().all()
        return [row.name for row in rows]  # used

    async def page(self):
        return {"title": "Users", "names": await self.names()}

    async def live(self):
        return len([row async for row in self.session.stream("select name")])  # used


def header(token):
    return f"Bearer {token.user}:" + ",".join(token.scopes)  # used


@pytest.fixture
def session():
    session = AsyncMock()
    session.execute.return_value = MagicMock()  # LC409
    return session


# name: session.execute.return_value.scalars().all() | session.stream()
# findings: 3
async def test_names(session):
    assert await Report(session).names() == ["ada"]


async def test_page(session):
    page = await Report(session).page()
    assert page == {"title": "Users", "names": ["ada"]}


async def test_live():
    session = MagicMock()  # LC409
    assert await Report(session).live() == 2


# name: users.find.return_value.scopes
async def test_header():
    users = AsyncMock()
    users.find.return_value = MagicMock(user="ada")  # LC409
    assert header(await users.find("ada")) == "Bearer ada:read"
