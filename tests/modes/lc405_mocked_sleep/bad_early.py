"""The assertion comes before the worker began: no task had its turn."""

# name: asyncio.sleep
import asyncio
from unittest.mock import AsyncMock, patch

import pytest


class Lamp:
    def __init__(self):
        self.on = False

    async def switch(self):
        self.on = True


@pytest.mark.asyncio
async def test_is_on_after_a_while():
    lamp = Lamp()
    with patch("asyncio.sleep", new_callable=AsyncMock):  # LC405
        switching = asyncio.create_task(lamp.switch())
        await asyncio.sleep(0.1)
        assert lamp.on
    await switching
