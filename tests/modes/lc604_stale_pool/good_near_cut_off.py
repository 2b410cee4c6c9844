"""A limit, a clean-up and an assertion that fails: no clean-up that was cut off is the reason."""

import asyncio
from contextlib import suppress

import anyio
import pytest

pytestmark = pytest.mark.asyncio


class Door:
    def __init__(self):
        self.open, self.log, self.guests, self.bell = True, [], 2, "off"

    async def close(self):
        try:
            await anyio.sleep(0)
            self.bell = "rung"
        finally:
            self.open = False

    async def shut(self):
        with anyio.CancelScope(shield=True):
            await anyio.sleep(0)
            self.guests = 0

    async def stay(self):
        try:
            await anyio.sleep(5)
        finally:
            await self.close()

    async def visit(self):
        try:
            await anyio.sleep(5)
        finally:
            await self.shut()

    async def leave(self):
        try:
            await asyncio.sleep(5)
        finally:
            await asyncio.sleep(0)
            self.guests = 1


async def test_what_a_finally_of_the_clean_up_has_done():
    door = Door()
    with anyio.move_on_after(0.01):
        await door.stay()
    assert door.open


async def test_what_no_clean_up_changes():
    door = Door()
    with anyio.move_on_after(0.01):
        await door.stay()
    assert door.log == ["closed"]


async def test_another_object():
    door, other = Door(), Door()
    with anyio.move_on_after(0.01):
        await door.stay()
    assert other.bell == "rung"


async def test_a_shield():
    door = Door()
    with anyio.move_on_after(0.01):
        await door.visit()
    assert door.guests == 2


async def test_a_limit_that_cancels_once():
    door = Door()
    with suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            await door.leave()
    assert door.guests == 2


async def test_nothing_was_cancelled():
    door = Door()
    with anyio.move_on_after(5):
        await door.close()
    assert door.guests == 0
