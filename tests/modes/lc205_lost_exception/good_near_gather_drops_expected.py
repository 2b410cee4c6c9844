"""The results of a gather hold an error, and not the one that `raises` waits for."""

import asyncio

import pytest


class TooHot(Exception):
    pass


class Oven:
    async def bake(self, degrees):
        await asyncio.sleep(0)
        if degrees > 300:
            raise TooHot(degrees)

    async def open(self):
        raise PermissionError("the door is locked")


@pytest.mark.asyncio
async def test_another_error_is_expected():
    oven = Oven()
    with pytest.raises(TooHot):
        await asyncio.gather(oven.bake(200), oven.open(), return_exceptions=True)


@pytest.mark.asyncio
async def test_it_was_dropped_before():
    oven = Oven()
    await asyncio.gather(oven.bake(400), return_exceptions=True)
    with pytest.raises(TooHot):
        await oven.bake(300)


@pytest.mark.asyncio
async def test_the_results_are_looked_at():
    oven = Oven()
    with pytest.raises(TooHot):
        found = await asyncio.gather(oven.bake(400), return_exceptions=True)
        assert [type(one) for one in found] == [TooHot]
