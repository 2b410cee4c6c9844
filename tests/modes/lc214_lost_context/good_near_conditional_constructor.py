"""The constructor sets it only for a given user. Here there is none: no context has a value."""

import asyncio
from contextvars import ContextVar

import pytest


class Audit:
    def __init__(self, user=None):
        self.user = ContextVar("user")
        if user:
            self.user.set(user)

    def line(self, what):
        return f"{self.user.get()}: {what}"


@pytest.mark.asyncio
async def test_a_line():
    loop, audit = asyncio.get_running_loop(), Audit()
    line = await loop.run_in_executor(None, audit.line, "paid")
    assert line == "nobody: paid"
