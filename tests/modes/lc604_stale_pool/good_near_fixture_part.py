"""The fixtures open the part that they give away. Somebody else hung up."""

import pytest
import pytest_asyncio


class Line:
    def __init__(self):
        self._up = False

    async def open(self):
        self._up = True

    async def close(self):
        self._up = False

    async def __aenter__(self):
        await self.open()
        return self

    async def __aexit__(self, *error):
        await self.close()

    def on_hung_up(self):
        self._up = False

    async def ask(self, words):
        if not self._up:
            raise RuntimeError("the line is down")
        return words.upper()


class Phone:
    def __init__(self, line=None):
        self.line = line or Line()


@pytest_asyncio.fixture
async def entered():
    async with Line() as line:
        yield Phone(line)


@pytest_asyncio.fixture
async def opened():
    line = Line()
    await line.open()
    phone = Phone(line)
    yield phone
    await line.close()


@pytest.mark.asyncio
async def test_entered(entered):
    entered.line.on_hung_up()
    assert await entered.line.ask("hello") == "HELLO"


@pytest.mark.asyncio
async def test_opened(opened):
    opened.line.on_hung_up()
    assert await opened.line.ask("hello") == "HELLO"
