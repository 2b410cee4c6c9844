"""The reader keeps a generator and takes single steps; its test never closes it."""

import pytest


class Reader:
    def __init__(self, lines):
        self.lines, self.open = lines, False
        self.steps = self.read()  # LC206

    async def read(self):
        self.open = True
        try:
            for line in self.lines:
                yield line
        finally:
            self.open = False

    async def line(self):
        return await self.steps.__anext__()


readers = [Reader(["a", "b"])]


# name: Reader.read
@pytest.mark.asyncio
async def test_one_line():
    assert await readers[0].line() == "a"
