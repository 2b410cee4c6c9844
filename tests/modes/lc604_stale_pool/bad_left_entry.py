"""A limit ends the wait for an answer, and the question stays in the book."""

# name: desk.open_questions
import asyncio

import pytest


class Desk:
    def __init__(self):
        self.open_questions = {}

    async def ask(self, number):
        answer = asyncio.get_running_loop().create_future()
        self.open_questions[number] = answer
        found = await answer  # LC604
        del self.open_questions[number]
        return found


@pytest.mark.asyncio
async def test_a_question_that_took_too_long_is_forgotten():
    desk = Desk()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await desk.ask(7)
    assert desk.open_questions == {}
