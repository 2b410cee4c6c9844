"""Beside the stranger stand objects that run code when looked at."""

# name: desk.pens
import asyncio

import pytest


class Clerk:
    def __getattr__(self, name):
        raise SystemExit(f"looked at {name}")

    def __repr__(self):
        raise RuntimeError("no repr")

    @property
    def _loop(self):
        raise KeyboardInterrupt


class Desk:
    def __init__(self):
        self.clerk, self.pens = Clerk(), asyncio.Semaphore(1)

    async def write(self, letter, clerk):
        async with self.pens:
            await asyncio.sleep(0)
            return letter


@pytest.fixture(scope="module")
def desk():  # LC102
    return Desk()


@pytest.mark.asyncio
@pytest.mark.parametrize("letters", [("a", "b"), ("c", "d")])
async def test_letters_are_written(desk, letters):
    clerk = desk.clerk
    done = await asyncio.gather(*(desk.write(letter, clerk) for letter in letters))
    assert tuple(done) == letters
