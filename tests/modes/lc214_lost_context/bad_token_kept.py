"""A task opens the session and keeps the token, and the test closes the session."""

# name: tenant
import asyncio
from contextvars import ContextVar

import pytest

tenant = ContextVar("tenant", default=None)


class Session:
    async def open(self):
        self.previous = tenant.set("north")

    async def close(self):
        tenant.reset(self.previous)


@pytest.mark.asyncio
async def test_session():
    session = Session()
    await asyncio.create_task(session.open())  # LC214
    await session.close()
