"""Other lists that look like what an earlier test left, and copies that would be wrong anyway."""

import pytest

pytestmark = pytest.mark.asyncio
CALLS = []
LAST = []


async def call(path, seen=[]):
    seen.append(path)
    CALLS.append(path)
    return list(seen)


async def words(text):
    return text.split()


async def test_call():
    assert await call("/login") == ["/login"]
    LAST.append("a")


async def test_another_list():
    found = await words("a")  # like `LAST`, that nothing of this test has changed
    assert found == []


async def test_wrong_in_any_case():
    seen = await call("/logout")
    assert seen == ["/users"]
