"""A fixture gives two things at once; the test takes them apart."""

# name: office[1] | desk
import asyncio

import pytest


@pytest.fixture(scope="module")
def office():  # LC102
    return "office", asyncio.Lock()


async def write(desk, letter):
    async with desk:
        await asyncio.sleep(0)
        return letter


@pytest.mark.asyncio
@pytest.mark.parametrize("letters", [["a", "b"], ["c", "d"]])
async def test_letters_are_written(office, letters):
    _, desk = office
    assert await asyncio.gather(*(write(desk, letter) for letter in letters)) == letters
