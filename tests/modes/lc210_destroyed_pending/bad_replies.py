"""A `WeakValueDictionary` has the futures of open requests: the waiting task goes with its own."""

# name: Peer.ask

import asyncio
import gc
from weakref import WeakValueDictionary

import pytest


class Peer:
    def __init__(self):
        self.open = WeakValueDictionary()
        self.answers = []

    async def ask(self, number):
        reply = self.open[number] = asyncio.get_running_loop().create_future()
        self.answers.append(await reply)  # used

    def receive(self, number, answer):
        if number in self.open:
            self.open[number].set_result(answer)


@pytest.mark.asyncio
async def test_an_answer_arrives():
    peer = Peer()
    asyncio.ensure_future(peer.ask(1))  # LC210
    await asyncio.sleep(0)
    gc.collect()
    peer.receive(1, "yes")
    await asyncio.sleep(0)
    assert peer.answers == ["yes"]
