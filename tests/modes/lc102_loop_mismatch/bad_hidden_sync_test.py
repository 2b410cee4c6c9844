"""Synchronous tests that call asyncio.run: no async plugin is involved at all."""

# name: stamps
import asyncio

stamps = asyncio.Semaphore(1)  # LC102


async def stamp(letter):
    async with stamps:
        await asyncio.sleep(0)
        return f"{letter}, stamped"


async def stamp_all(*letters):
    return await asyncio.gather(*map(stamp, letters))


def test_two_letters():
    assert asyncio.run(stamp_all("a", "b")) == ["a, stamped", "b, stamped"]


def test_three_letters():
    assert len(asyncio.run(stamp_all("a", "b", "c"))) == 3
