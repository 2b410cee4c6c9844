"""Three workers find that nobody is logged in. Each uses the code, which is good for one login."""

import asyncio

import pytest


class CodeUsed(Exception):
    pass


class Desk:
    def __init__(self):
        self.codes = ["c1"]

    async def log_in(self, code):
        known = code in self.codes
        if known:
            self.codes.remove(code)
        await asyncio.sleep(0.001)
        if not known:
            raise CodeUsed(code)
        return f"session of {code}"


class Client:
    def __init__(self, desk):
        self.desk, self.session = desk, None

    async def ask(self, question):
        if self.session is None:  # LC211
            self.session = await self.desk.log_in("c1")
        return f"{question} ({self.session})"


# name: self.session
@pytest.mark.asyncio
async def test_all_questions_are_answered():
    client = Client(Desk())
    found = await asyncio.gather(client.ask("when"), client.ask("where"))
    assert len(found) == 2
