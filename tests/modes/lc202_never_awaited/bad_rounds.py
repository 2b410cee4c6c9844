"""The loop calls a plain method, and that calls an async action: the method itself can't await."""

# name: Model.save | Model.note
# findings: 2
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Every:
    def __init__(self, seconds, action):
        self.seconds, self.action = seconds, action

    def start(self):
        asyncio.get_running_loop().call_later(self.seconds, self._round)

    def _round(self):
        self.action()  # LC202


class Model:
    def __init__(self):
        self.saved, self.notes = 0, []

    async def save(self):
        self.saved += 1

    async def note(self, word):
        self.notes.append(word)

    def finished(self, task):
        self.note(task.result())  # LC202


async def test_saved():
    model = Model()
    Every(0, model.save).start()
    await asyncio.sleep(0.01)
    assert model.saved == 1


async def test_a_finished_task():
    model = Model()
    task = asyncio.create_task(asyncio.sleep(0, "slept"))
    task.add_done_callback(model.finished)
    await task
    await asyncio.sleep(0)
    assert model.notes == ["slept"]
