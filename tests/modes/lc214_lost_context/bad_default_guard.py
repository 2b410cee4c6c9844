"""The desk signs a member in beside a log line. `borrow` finds the default, and refuses."""

import asyncio
import unittest
from contextvars import ContextVar

member = ContextVar("member", default=None)


class NobodySignedIn(Exception):
    pass


class Desk:
    async def sign_in(self, name):
        await asyncio.shield(self.check(name))  # LC214

    async def check(self, name):
        await asyncio.sleep(0)
        if not name:
            raise NobodySignedIn
        member.set(name)

    async def borrow(self, title):
        who = member.get()
        if who is None:
            raise NobodySignedIn(title)
        return who


# name: member
class DeskTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_member_borrows(self):
        desk = Desk()
        await desk.sign_in("ada")
        self.assertEqual(await desk.borrow("Momo"), "ada")
