"""A coroutine returns a table of an object that only it knew; the test reads an entry of it."""

# name: ballot.votes
# needs: asyncio.TaskGroup

import asyncio


class Ballot:
    def __init__(self):
        self.votes = {}

    async def cast(self, name):
        count = self.votes.get(name, 0)  # LC211
        await asyncio.sleep(0)
        self.votes[name] = count + 1


async def evening():
    ballot = Ballot()
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(ballot.cast("Ada"))
    return ballot.votes


def test_three_votes():
    votes = asyncio.run(evening())
    assert votes["Ada"] == 3
