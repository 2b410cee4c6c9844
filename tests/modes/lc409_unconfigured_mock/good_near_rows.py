"""The value lacks something, and no mock that nobody has filled is why."""

from unittest.mock import AsyncMock, MagicMock

import pytest

pytestmark = pytest.mark.asyncio


class Report:
    def __init__(self, session, hooks=None):
        self.session = session
        self.hooks = hooks

    async def names(self):
        rows = (await self.session.execute("select name")).all()
        return [row for row in rows if row.startswith("b")]

    async def clean(self):
        for row in (await self.session.execute("select name")).all():
            await self.session.delete(row)

    async def titles(self):
        self.tell()
        return []

    async def title(self):
        return " ".join(word for word in self.session.words)

    def tell(self):
        for hook in self.hooks.all():
            hook()


@pytest.fixture
def session():
    session = AsyncMock()
    session.execute.return_value = MagicMock()
    session.words = ["to", "do"]
    return session


async def test_another_test_forgot(session):
    await Report(session).clean()
    pytest.fail("not yet")


async def test_none_begins_so(session):
    session.execute.return_value.all.return_value = ["ada"]
    assert await Report(session).names() == ["ada"]


async def test_it_was_filled(session):
    session.execute.return_value.all.return_value.__iter__.return_value = ["ada"]
    assert await Report(session).names() == ["ada"]


async def test_what_tells_others_gives_nothing(session):
    assert await Report(session, MagicMock()).titles() == ["Users"]


async def test_clean_is_not_behind_the_value(session):
    await Report(session).clean()
    assert await Report(session).title() == "to do it"


async def test_another_text(session):
    assert await Report(session, MagicMock()).title() == "done"
