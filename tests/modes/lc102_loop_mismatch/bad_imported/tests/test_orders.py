"""The client is made in app/db.py and imported by name: the module to change is that one."""

# name: client
import pytest
from app.orders import last_order, remember


@pytest.mark.asyncio(loop_scope="module")
async def test_order_is_remembered():
    await remember("tea")


@pytest.mark.asyncio
async def test_last_order_is_known():
    assert await last_order() == b"tea"
