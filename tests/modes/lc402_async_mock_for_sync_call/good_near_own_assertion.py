"""A class of the project has a method of that name, and the mock's is awaited."""

from unittest.mock import AsyncMock

import pytest


class Log:
    async def awaited_with(self, name):
        return name == "Ada"


@pytest.mark.asyncio
async def test_log():
    log = AsyncMock(spec=Log)
    log.awaited_with.return_value = True
    assert await log.awaited_with("Ada")
    log.awaited_with.assert_awaited_once_with("Ben")
