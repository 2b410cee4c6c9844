"""A dropped generator closes its log. What is closed too early is the database."""

# name: db
# findings: 1
import asyncio

import pytest


class Database:
    def __init__(self):
        self.open = True

    async def execute(self, query):
        await asyncio.sleep(0.001)
        if not self.open:
            raise RuntimeError("cannot operate on a closed database")
        if query == "nonsense":
            raise RuntimeError("syntax error")
        return query

    async def close(self):
        self.open = False


async def get_log():
    log = Database()
    try:
        yield []
    finally:
        await log.close()


@pytest.mark.asyncio
async def test_the_log_is_kept():
    log, db = await anext(get_log()), Database()
    await db.close()  # LC604
    log.append(await db.execute("a"))
