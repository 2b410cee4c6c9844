"""Lines ask for results that are not there yet: of a task, and of a future that a caller sets."""

# name: job | self.answer
# findings: 2
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def count(rows):
    await asyncio.sleep(0.01)
    return len(rows)


class Question:
    def __init__(self):
        self.answer = asyncio.get_running_loop().create_future()

    def reply(self, text):
        self.answer.set_result(text)

    async def text(self):
        return self.answer.result().strip()  # LC208


async def test_two_rows():
    job = asyncio.create_task(count(["a", "b"]))
    assert job.result() == 2  # LC208


async def test_an_answer():
    question = Question()
    asyncio.get_running_loop().call_soon(question.reply, " yes ")
    assert await question.text() == "yes"
