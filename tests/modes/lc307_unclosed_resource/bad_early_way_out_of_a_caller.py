"""What a class opens, its caller stops: but not in the round in which it goes on early."""

# name: self.db

import aiosqlite
import pytest


class Archive:
    def __init__(self, path):
        self.path = path

    async def open(self):
        self.db = await aiosqlite.connect(self.path)
        return self

    async def count(self):
        async with self.db.execute("select count(*) from sqlite_master") as rows:
            return (await rows.fetchone())[0]

    async def stop(self):
        await self.db.close()


async def total(paths):
    found = 0
    for path in paths:
        archive = await Archive(path).open()
        count = await archive.count()
        if not count:
            continue  # LC307
        found += count
        await archive.stop()
    return found


@pytest.mark.asyncio
async def test_an_empty_archive_counts_nothing(tmp_path):
    assert await total([str(tmp_path / "empty.db")]) == 0
