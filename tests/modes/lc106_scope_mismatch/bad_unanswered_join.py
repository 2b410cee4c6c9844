"""All letters are to be sent before the test goes on; who sends them stands still."""

# options: --loopcheck-hang=1
# name: outbox
import asyncio

import pytest
import pytest_asyncio


class Outbox:
    def __init__(self):
        self.letters, self.sent = asyncio.Queue(), []

    async def run(self):
        while True:
            self.sent.append(await self.letters.get())
            self.letters.task_done()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outbox():  # LC106
    outbox = Outbox()
    task = asyncio.create_task(outbox.run())
    yield outbox
    task.cancel()


@pytest.mark.asyncio
async def test_a_letter_is_sent(outbox):
    outbox.letters.put_nowait("hello")
    await outbox.letters.join()
    assert outbox.sent == ["hello"]
