"""`asyncio.run` in a plain test has closed its loop, too."""

import asyncio


class Hive:
    def __init__(self):
        self.honey, self.bees = 0, []

    def send(self, count):
        self.bees += [asyncio.create_task(self._fly()) for _ in range(count)]

    async def _fly(self):
        await asyncio.sleep(0.3)
        self.honey += 1


# name: Hive._fly
def test_honey():
    async def summer():
        hive = Hive()
        hive.send(2)
        assert hive.honey == 2  # LC208

    asyncio.run(summer())
