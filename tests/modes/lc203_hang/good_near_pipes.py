"""Processes that are slow, or whose output is read late: their pipes are not at fault."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE

import pytest

LONG = "import sys; sys.stdout.write('x' * 2_000_000)"
SHORT = "print('ready', flush=True); input()"


def run(code, **pipes):
    return asyncio.create_subprocess_exec(sys.executable, "-c", code, **pipes)


async def ended(child):
    child.kill()
    await child.communicate()


@pytest.mark.asyncio
async def test_a_short_output_fills_no_pipe():
    child = await run(SHORT, stdin=PIPE, stdout=PIPE)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(child.wait(), 0.5)
    await ended(child)


@pytest.mark.asyncio
async def test_all_is_read_by_communicate():
    child = await run(LONG, stdout=PIPE)
    out, _ = await child.communicate()
    assert len(out) == 2_000_000


@pytest.mark.asyncio
async def test_the_output_goes_nowhere():
    child = await run(LONG, stdout=DEVNULL)
    assert await child.wait() == 0


@pytest.mark.asyncio
async def test_a_task_reads_beside_the_wait():
    child = await run(LONG, stdout=PIPE)
    reading = asyncio.create_task(child.stdout.read())
    assert await child.wait() == 0
    assert len(await reading) == 2_000_000


@pytest.mark.asyncio
async def test_a_task_reads_after_a_while():
    child = await run(LONG, stdout=PIPE)

    async def read_late():
        await asyncio.sleep(1.0)
        return await child.stdout.read()

    reading = asyncio.create_task(read_late())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(child.wait(), 0.5)
    assert len(await reading) == 2_000_000
