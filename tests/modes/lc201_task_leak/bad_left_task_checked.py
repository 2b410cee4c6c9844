"""A fixture fails with the first task that a test leaves running."""

# name: Poller._poll
import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture(autouse=True)
async def nothing_left_running():
    yield
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        pytest.fail(f"Lingering task after test {task!r}")


class Poller:
    def __init__(self):
        self.polled, self.polling = 0, None

    def start(self):
        self.polling = asyncio.create_task(self._poll())  # LC201

    async def _poll(self):
        while True:
            self.polled += 1
            await asyncio.sleep(30)


@pytest.mark.asyncio
async def test_it_polls_at_once():
    poller = Poller()
    poller.start()
    await asyncio.sleep(0)
    assert poller.polled == 1
