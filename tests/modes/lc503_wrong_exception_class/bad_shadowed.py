"""The client's TimeoutError hides Python's: the limit of `wait_for` is not caught any more."""

# name: TimeoutError
import asyncio

import pytest
from valkey.exceptions import TimeoutError

pytestmark = pytest.mark.asyncio


async def first_line(lines):
    try:
        return await asyncio.wait_for(lines.get(), timeout=0.02)
    except (TimeoutError, LookupError):  # LC503
        return "nothing came"


async def test_silence_is_said():
    lines = asyncio.Queue()
    asyncio.get_running_loop().call_later(0.2, lines.put_nowait, "late")
    assert await first_line(lines) == "nothing came"
