"""What opens these objects again forgets to take back what their end did: that is the fault."""

import pytest

pytestmark = pytest.mark.asyncio


class Closed(Exception):
    pass


class Tap:
    def __init__(self):
        self.is_shut, self.opened, self.poured = False, 0, []

    async def open(self):
        self.opened += 1

    async def close(self):
        self.is_shut = True

    async def pour(self, drink):
        if self.is_shut:
            raise Closed("the tap is shut")
        self.poured.append(drink)


class Line:
    def __init__(self):
        self.up, self._closing = False, False

    async def reconnect(self):
        self.up = True

    async def aclose(self):
        self._closing, self.up = True, False

    async def dial(self):
        if self._closing or not self.up:
            raise Closed("no line")
        return "tone"

    async def __aenter__(self):
        await self.reconnect()
        return self

    async def __aexit__(self, *error):
        await self.aclose()


@pytest.fixture
def tap():
    return Tap()


@pytest.fixture
def line():
    return Line()


async def test_a_tap_can_be_opened_again(tap):
    await tap.open()
    await tap.close()
    await tap.open()
    await tap.pour("ale")


async def test_a_line_has_two_blocks(line):
    async with line:
        assert await line.dial() == "tone"
    async with line:
        assert await line.dial() == "tone"


async def test_a_line_is_connected_anew(line):
    async with line:
        assert await line.dial() == "tone"
    await line.reconnect()
    assert await line.dial() == "tone"


async def turn(tap):
    await tap.close()
    await tap.open()


async def test_a_helper_opens_it_again(tap):
    await turn(tap)
    await tap.pour("stout")


async def restart_all(*taps):
    for tap in taps:
        await tap.open()


async def test_a_helper_that_opens_all_gets_it(tap):
    await tap.close()
    await restart_all(tap)
    await tap.pour("porter")
