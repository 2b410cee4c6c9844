"""A plain fixture starts the application on a loop that it runs for its start alone."""

# name: App._beat
import asyncio

import pytest


class App:
    async def start(self):
        self.over, self.beats = asyncio.Event(), 0
        self.task = asyncio.create_task(self._beat())

    async def _beat(self):
        while not self.over.is_set():
            self.beats += 1
            await asyncio.sleep(0.005)

    async def stop(self):
        self.over.set()
        await self.task


@pytest.fixture
def app():
    loop = asyncio.new_event_loop()  # LC105
    app = App()
    loop.run_until_complete(app.start())
    yield app
    loop.run_until_complete(app.stop())
    loop.close()


@pytest.mark.asyncio
async def test_it_beats(app):
    await asyncio.sleep(0.03)
    assert app.beats > 2
