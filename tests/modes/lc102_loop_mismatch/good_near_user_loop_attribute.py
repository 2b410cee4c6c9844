"""Objects of the user's own have a `_loop` that means something else, or is of another loop."""

import asyncio

import pytest


class Train:
    def __init__(self, loop):
        self._loop = loop

    def arrive(self, minute):
        if minute > 5:
            raise TimeoutError("late")


class Film:
    _loop = "endless"

    async def play(self):
        raise RuntimeError(self._loop)


@pytest.fixture(scope="module")
def train():
    loop = asyncio.new_event_loop()
    yield Train(loop)
    loop.close()


@pytest.mark.asyncio
async def test_train_is_late(train):
    train.arrive(7)


@pytest.mark.asyncio
async def test_film_is_endless():
    await Film().play()
