"""The failing call is in a background task; the test only awaits the task."""

# name: mailer.queue
import asyncio

import pytest


class Mailer:
    def __init__(self):
        self.queue, self.sent = asyncio.Queue(), []

    async def run(self):
        while (letter := await self.queue.get()) != "stop":
            self.sent.append(letter)


@pytest.fixture(scope="session")
def mailer():  # LC102
    return Mailer()


@pytest.mark.asyncio
@pytest.mark.parametrize("letter", ["bill", "card"])
async def test_letter_is_sent(mailer, letter):
    task = asyncio.create_task(mailer.run(), name="mailer")
    await asyncio.sleep(0)
    for each in letter, "stop":
        mailer.queue.put_nowait(each)
    await task
    assert mailer.sent[-1] == letter
