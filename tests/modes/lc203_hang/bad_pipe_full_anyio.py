"""anyio's process writes a long map, and a clean-up that sleeps until its end holds it, too."""

# name: maker
# findings: 1

import math
import sys

import anyio
import pytest

pytest_plugins = ["anyio.pytest_plugin"]
MAP = "import sys; sys.stdout.write('~' * 2_000_000)"


@pytest.fixture
def anyio_backend():
    return "asyncio"


class Press:
    def __init__(self):
        self.makers = []

    async def start(self):
        maker = await anyio.open_process([sys.executable, "-c", MAP])
        self.makers.append(maker)
        return maker

    async def clean_up(self):
        try:
            await anyio.sleep(math.inf)
        finally:
            for maker in self.makers:
                maker.kill()
                maker._transport.close()


@pytest.mark.anyio
async def test_the_map_is_drawn():
    press = Press()
    async with anyio.create_task_group() as group:
        maker = await press.start()
        group.start_soon(press.clean_up)
        with anyio.fail_after(3):
            await maker.wait()  # LC203
