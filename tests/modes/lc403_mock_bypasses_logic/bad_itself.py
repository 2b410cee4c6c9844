"""The test calls the double itself: what copes with the error is what was replaced."""

from unittest.mock import AsyncMock, patch

import pytest


class Guard:
    def __init__(self, backend):
        self.backend = backend

    async def ask(self, question):
        try:
            return await self.backend(question)
        except ConnectionError:
            return "sorry"


# name: Guard.ask
@pytest.mark.asyncio
async def test_it_says_sorry():
    guard = Guard(AsyncMock())
    with patch.object(Guard, "ask", AsyncMock(side_effect=ConnectionError("down"))):  # LC403
        assert await guard.ask("x") == "sorry"
