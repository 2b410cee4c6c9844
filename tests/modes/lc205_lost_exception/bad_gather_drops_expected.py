"""The error that `raises` waits for is among the results of a gather, two calls further down."""

# name: Oven.bake
# findings: 2

import asyncio
import unittest

import pytest


class TooHot(Exception):
    pass


class Oven:
    async def bake(self, loaf, degrees):
        await asyncio.sleep(0)
        if degrees > 300:
            raise TooHot(loaf)
        return loaf


async def side_by_side(work):
    return await asyncio.gather(*work, return_exceptions=True)  # LC205


async def bake_all(oven, loaves):
    await side_by_side(oven.bake(one, degrees) for one, degrees in loaves.items())
    return len(loaves)


@pytest.mark.asyncio
async def test_too_hot():
    with pytest.raises(TooHot):
        await bake_all(Oven(), {"rye": 220, "oat": 340})


class Morning(unittest.IsolatedAsyncioTestCase):
    async def test_too_hot(self):
        oven = Oven()
        with self.assertRaises(TooHot):
            await asyncio.gather(oven.bake("oat", 340), return_exceptions=True)  # LC205
