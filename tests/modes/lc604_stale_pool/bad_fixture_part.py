"""Fixtures give away an object whose part they have closed, by three ways, or never opened."""

# name: block.line | call.line | inside.line | never.line
# findings: 4
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

    async def ask(self, words):
        if not self._up:
            raise RuntimeError("the line is down")
        return words.upper()


class Phone:
    def __init__(self, line=None):
        self.line = line or Line()


@pytest_asyncio.fixture
async def block():  # LC604
    phone = Phone()
    async with phone.line:
        pass
    return phone


@pytest_asyncio.fixture
async def call():
    phone = Phone()
    await phone.line.open()
    await phone.line.close()  # LC604
    yield phone


@pytest_asyncio.fixture
async def inside():  # LC604
    phone = Phone()
    async with phone.line:
        return phone


@pytest_asyncio.fixture
async def never():  # LC604
    yield Phone()


@pytest.mark.asyncio
async def test_block(block):
    assert await block.line.ask("hello") == "HELLO"


@pytest.mark.asyncio
async def test_call(call):
    assert await call.line.ask("hello") == "HELLO"


@pytest.mark.asyncio
async def test_inside(inside):
    assert await inside.line.ask("hello") == "HELLO"


@pytest.mark.asyncio
async def test_never(never):
    assert await never.line.ask("hello") == "HELLO"
