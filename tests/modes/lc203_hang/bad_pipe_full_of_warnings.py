"""A worker answers on stdout once its warnings are out, but nothing reads its stderr."""

# name: worker.child
# options: --loopcheck-hang=3

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest
import pytest_asyncio

WARNS = "import sys; print('W' * 2_000_000, file=sys.stderr); print('ready', flush=True); input()"


class Worker:
    def __init__(self):
        self.child = None

    async def start(self):
        command = (sys.executable, "-c", WARNS)
        self.child = await asyncio.create_subprocess_exec(  # LC203
            *command, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )

    async def answer(self):
        return await self.child.stdout.readline()


@pytest_asyncio.fixture
async def worker():
    worker = Worker()
    await worker.start()
    yield worker
    worker.child.kill()
    worker.child._transport.close()


@pytest.mark.asyncio
async def test_the_worker_is_ready(worker):
    assert await worker.answer() == b"ready\n"
