"""A manager around the `yield` marks the file as taken; an error of its own hides the refusal."""

# name: Archive.lines

from contextlib import asynccontextmanager

import pytest

pytestmark = pytest.mark.asyncio


class Locked(Exception):
    pass


class NotRead(Exception):
    pass


class Archive:
    def __init__(self, files):
        self.files, self.taken = files, set()

    @asynccontextmanager
    async def reading(self, name):
        if name in self.taken:
            raise Locked(name)
        self.taken.add(name)
        try:
            yield self.files[name]
        finally:
            self.taken.discard(name)

    async def lines(self, name):
        async with self.reading(name) as text:
            for line in text.splitlines():
                yield line

    async def title(self, name):
        try:
            async for line in self.lines(name):  # LC206
                if line.strip():
                    break
        except Locked as error:
            raise NotRead(name) from error
        return line


async def test_the_title_twice():
    archive = Archive({"a.md": "\n# Intro\ntext"})
    assert await archive.title("a.md") == "# Intro"
    assert await archive.title("a.md") == "# Intro"
