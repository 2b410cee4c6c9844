"""The wait in the block fails, but what the `if` checked is as it was, or the block changed it."""

import pytest


class Refused(Exception):
    pass


class Client:
    def __init__(self):
        self.session, self.open, self.tries = None, False, 0

    async def log_in(self):
        raise Refused

    async def connect(self):
        self.open = True
        raise Refused

    async def ask(self):
        if self.session is None:
            self.session = await self.log_in()

    async def enter(self):
        if not self.open:
            await self.connect()
            self.open = True

    async def count(self):
        if self.tries == 0:
            self.tries += 1
            self.tries = await self.log_in()


@pytest.mark.asyncio
async def test_it_is_refused():
    await Client().ask()


@pytest.mark.asyncio
async def test_the_call_changes_it():
    await Client().enter()


@pytest.mark.asyncio
async def test_the_block_changes_it():
    await Client().count()
