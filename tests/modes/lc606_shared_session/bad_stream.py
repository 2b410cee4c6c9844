"""Two tasks of a group read one stream: each would get a part of the other's answer."""
# name: self.reader

import asyncio

import pytest


class Settings:
    def __init__(self, reader, writer):
        self.reader, self.writer, self.known = reader, writer, {}

    async def read(self, key):
        self.writer.write(f"{key}\n".encode())
        self.known[key] = (await self.reader.readline()).decode().strip()

    async def load(self, *keys):
        async with asyncio.TaskGroup() as group:  # LC606
            for key in keys:
                group.create_task(self.read(key))


async def shout(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
    writer.close()


@pytest.mark.asyncio
async def test_both_are_read():
    async with await asyncio.start_server(shout, "127.0.0.1", 0) as server:
        _, port = server.sockets[0].getsockname()
        settings = Settings(*await asyncio.open_connection("127.0.0.1", port))
        try:
            await settings.load("tea", "ink")
        finally:
            settings.writer.close()
    assert settings.known == {"tea": "TEA", "ink": "INK"}
