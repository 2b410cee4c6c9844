"""The `if` waits for a seat that is taken; its `else` takes one after a wait of its own."""

# name: hall.taken
import asyncio

import pytest


class Hall:
    def __init__(self):
        self.taken, self.paid = [], 0

    async def take(self, who):
        if self.taken:  # LC211
            await asyncio.sleep(0)
        else:
            await self.pay()
            self.taken.append(who)

    async def pay(self):
        await asyncio.sleep(0.001)
        self.paid += 1


@pytest.mark.asyncio
async def test_the_first_gets_the_seat():
    hall = Hall()
    await asyncio.gather(hall.take("ann"), hall.take("bob"))
    assert hall.taken == ["ann"]
