"""Three calls of a second each, says the error. Each of them ended after 20 ms."""

import asyncio

import pytest


class NobodyHome(Exception):
    pass


async def ring(bell):
    await asyncio.wait_for(bell(), 0.02)


async def visit(bell, tries):
    for _ in range(tries):
        try:
            async with asyncio.timeout(1):
                return await ring(bell)
        except TimeoutError:  # LC213
            await asyncio.sleep(0)
    raise NobodyHome(f"rang {tries} times, a second each")


async def broken():
    await asyncio.sleep(10)


# name: asyncio.wait_for(bell(), 0.02)
@pytest.mark.asyncio
async def test_a_broken_bell_is_no_empty_house():
    with pytest.raises(TimeoutError):
        await visit(broken, 3)
