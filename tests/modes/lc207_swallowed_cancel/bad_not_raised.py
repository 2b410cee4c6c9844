"""A test expects that a call lets a cancellation through, and a function on the way takes it."""

# findings: 3
# name: Kitchen._plate
import asyncio
import contextlib

import pytest


class Kitchen:
    def __init__(self, cook):
        self.cook = cook

    async def serve(self):
        try:
            return await self._plate()
        except asyncio.CancelledError:
            raise
        except Exception:
            return "sorry"

    async def _plate(self):
        try:
            dish = await self.cook()
        except BaseException:  # LC207
            dish = "bread"
        return dish


async def closed():
    raise asyncio.CancelledError


@pytest.mark.asyncio
async def test_a_closed_kitchen_lets_a_guest_go():
    kitchen = Kitchen(closed)
    with pytest.raises(asyncio.CancelledError):
        await kitchen.serve()


async def deliver(order):
    with contextlib.suppress(asyncio.CancelledError):  # LC207
        await order()


async def ring(order):
    await deliver(order)


@pytest.mark.asyncio
async def test_a_closed_shop_is_heard_of():
    with pytest.raises((KeyError, asyncio.CancelledError)):
        await ring(closed)


class Lift:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        self.open = False

    async def up(self, work):
        try:
            await work()
        except asyncio.CancelledError:  # LC207
            self.open = True


@pytest.mark.asyncio
async def test_a_stopped_lift_says_so():
    async with Lift() as lift:
        with pytest.raises(asyncio.CancelledError):
            await lift.up(closed)
