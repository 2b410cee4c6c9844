import asyncio

import pytest


class Bus:
    def __init__(self, loop):
        self.loop, self.heard_by = loop, []

    def say(self, words):
        self.tasks = [self.loop.create_task(hear(words)) for hear in self.heard_by]


@pytest.fixture
def event_loop():  # LC302
    loop = asyncio.get_event_loop_policy().new_event_loop()
    yield loop
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()


@pytest.fixture
def bus(event_loop):
    return Bus(event_loop)
