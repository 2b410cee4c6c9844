"""The feed that drops a cancellation runs in a task of its own, which gets none."""

import asyncio

import pytest


async def quietly(queue):
    try:
        await queue.get()
    except asyncio.CancelledError:
        return


@pytest.mark.asyncio
async def test_the_reader_notes_the_end():
    queue, notes, children = asyncio.Queue(), [], []

    async def read():
        children.append(asyncio.create_task(quietly(queue)))
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            notes.append(str(error))

    reader = asyncio.create_task(read())
    await asyncio.sleep(0)
    reader.cancel("end of the test")
    await reader
    queue.put_nowait(None)
    await children[0]
    assert notes == ["end"]
