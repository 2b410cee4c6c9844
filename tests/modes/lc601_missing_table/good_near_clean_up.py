"""The missing table is expected, and handled: the handler's own assertion fails."""

import aiosqlite
import pytest

pytestmark = pytest.mark.asyncio


async def test_a_handler():
    async with aiosqlite.connect(":memory:") as db:
        try:
            await db.execute("select name from users")
        except aiosqlite.OperationalError as error:
            assert "customers" in str(error)


async def test_a_handler_in_a_finally():
    seen = []
    async with aiosqlite.connect(":memory:") as db:
        try:
            seen.append("pen")
        finally:
            try:
                await db.execute("delete from users")
            except aiosqlite.OperationalError:
                assert seen == ["ink"]
