import asyncio

import pytest


class Desk:
    def __init__(self):
        self.open_questions = {}

    async def ask(self, number):
        answer = asyncio.get_running_loop().create_future()
        self.open_questions[number] = answer
        try:
            return await answer
        finally:
            del self.open_questions[number]


@pytest.mark.asyncio
async def test_a_question_that_took_too_long_is_forgotten():
    desk = Desk()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await desk.ask(7)
    assert desk.open_questions == {}
