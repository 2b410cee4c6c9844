"""The code under test fails, for the test calls it before the task that it started got ready."""

# findings: 3
# name: Station.connect
import asyncio

import pytest


class Station:
    def __init__(self):
        self.link, self.known, self.task = None, {}, None

    def start(self):
        self.task = asyncio.create_task(self.connect())

    async def connect(self):
        await asyncio.sleep(0.01)
        self.known["tower"] = "calling"
        self.link = asyncio.Queue()

    async def say(self, words):
        await self.link.put(words)

    async def greet(self):
        return await self.say("hello")

    async def answer(self):
        await asyncio.sleep(0)
        return self.known["tower"]


@pytest.mark.asyncio
async def test_a_word_is_said():
    station = Station()
    station.start()
    await station.say("over")  # LC208
    await station.task


@pytest.mark.asyncio
async def test_it_greets():
    station = Station()
    station.start()
    await asyncio.sleep(0)
    await station.greet()  # LC208
    await station.task


@pytest.mark.asyncio
async def test_the_tower_is_calling():
    station = Station()
    station.start()
    calling = await station.answer()  # LC208
    assert calling == "calling"
