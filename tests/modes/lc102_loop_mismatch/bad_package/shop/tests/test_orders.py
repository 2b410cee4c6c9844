"""A package with relative imports; all tests on the session's loop but one."""

# name: storage.backend | stores.storage.backend
import pytest

from ..orders import deliver, order


async def test_item_is_ordered():
    await order("ada", "tea")


async def test_item_is_delivered():
    assert await deliver("ada") == "tea"


@pytest.mark.asyncio(loop_scope="function")
async def test_next_item_is_delivered():
    assert await deliver("ada") is None
