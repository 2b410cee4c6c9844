"""A mock cancels the first login. The desk counts that visitor, and no later one logs in."""

# name: session._visitors
import asyncio
from contextvars import ContextVar
from unittest.mock import AsyncMock, patch

import pytest


class Account:
    name = None

    async def login(self):
        self.name = "guest"

    async def order(self, what):
        assert self.name is not None, "nobody is logged in"
        return what


class Session:
    def __init__(self):
        self.account, self._visitors = Account(), 0

    async def __aenter__(self):
        self._visitors += 1
        try:
            if self._visitors == 1:
                await self.account.login()
        except Exception:  # LC604
            self._visitors -= 1
            raise
        return self

    async def __aexit__(self, *error):
        self._visitors -= 1


current = ContextVar("current")


async def order(what):
    async with current.get() as session:
        return await session.account.order(what)


@pytest.mark.asyncio
async def test_order_after_a_cancelled_one():
    current.set(Session())
    cancelled = AsyncMock(side_effect=asyncio.CancelledError)
    with patch.object(current.get().account, "login", new=cancelled):
        with pytest.raises(asyncio.CancelledError):
            await order("tea")
    del cancelled
    assert await order("tea") == "tea"
