"""The fixture of the module comes down after its last test, which does not use it."""

import anyio
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_order(workers):
    workers.start_soon(anyio.sleep_forever)
    await anyio.sleep(0)


async def test_prices():
    assert 2 * 3 == 6
