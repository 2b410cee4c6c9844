"""The mock has a list of answers, and the first of them is false: no code ever takes it."""

# name: reader.at_eof

from unittest.mock import AsyncMock

import pytest


async def lines(reader):
    found = []
    while not reader.at_eof():
        found.append(await reader.readline())
    return found


@pytest.mark.asyncio
async def test_one_line():
    reader = AsyncMock()  # LC402
    reader.at_eof.side_effect = [False, True]
    reader.readline.return_value = b"plum\n"
    assert await lines(reader) == [b"plum\n"]
