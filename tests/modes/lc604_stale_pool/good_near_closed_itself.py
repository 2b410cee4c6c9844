"""A line that closes a name of the project, and has not run: the object has closed itself."""

import pytest
import pytest_asyncio


class Line:
    def __init__(self):
        self._down = False
        self.said = []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.close()

    async def close(self):
        self._down = True

    async def say(self, word):
        if self._down:
            raise ConnectionError("the line is down")
        if word == "stop":
            await self.close()
        self.said.append(word)


@pytest_asyncio.fixture
async def phone():
    phone = Line()
    yield phone
    await phone.close()


@pytest.mark.asyncio
async def test_the_block_is_not_over():
    async with Line() as wire:
        await wire.say("stop")
        await wire.say("go")


@pytest.mark.asyncio
async def test_the_close_comes_later():
    cable = Line()
    await cable.say("stop")
    await cable.say("go")
    await cable.close()


@pytest.mark.asyncio
async def test_the_clean_up_comes_later(phone):
    await phone.say("stop")
    await phone.say("go")


@pytest.mark.asyncio
async def test_a_function_that_nobody_calls_would_close_it():
    rope = Line()
    hang_up = lambda: rope.close()  # noqa: E731
    await rope.say("stop")
    await rope.say("go")
    await hang_up()


@pytest.mark.asyncio
async def test_a_condition_has_kept_it_open():
    pipe, over = Line(), False
    over and await pipe.close()
    await pipe.close() if over else None
    await pipe.say("stop")
    await pipe.say("go")


class Desk:
    def __init__(self):
        self.line = Line()

    async def close(self, all_of_it=False):
        if all_of_it:
            await self.line.close()


@pytest.mark.asyncio
async def test_its_holder_has_kept_it_open():
    desk = Desk()
    await desk.close()
    await desk.line.say("stop")
    await desk.line.say("go")
