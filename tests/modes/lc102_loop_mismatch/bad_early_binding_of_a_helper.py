"""A desk binds itself in a helper, before it looks for the clerk. The check is a third method."""

import asyncio
import unittest


class Desk:
    def __init__(self, clerks):
        self.clerks, self.loop = clerks, None

    def bind(self):
        if self.loop is None:
            self.loop = asyncio.get_running_loop()

    def check(self):
        if asyncio.get_running_loop() is not self.loop:
            raise RuntimeError("the desk is elsewhere")

    async def ask(self, name):
        self.bind()  # LC102
        self.check()
        return self.clerks[name]


# name: desk
class TestDesk(unittest.TestCase):
    def test_an_unknown_clerk(self):
        desk = Desk({"Ann": "yes"})
        first = asyncio.new_event_loop()
        with self.assertRaises(KeyError):
            first.run_until_complete(desk.ask("Bob"))
        first.close()
        self.assertEqual(asyncio.run(desk.ask("Ann")), "yes")
