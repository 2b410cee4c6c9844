"""A dict of the module keeps the connection that a test closed, and returns it to the next one."""
# name: _open['a']

import aiosqlite
import pytest

pytestmark = pytest.mark.asyncio
_open = {}


async def store(name):
    if name not in _open:
        _open[name] = await aiosqlite.connect(":memory:")  # LC604
    return _open[name]


async def test_it_closes():
    connection = await store("a")
    await connection.close()


async def test_one():
    connection = await store("a")
    await connection.execute("select 1")
