"""A function closes its stream, and returns what it then wants to take out of it."""

# name: letters
import anyio
import pytest


async def sorted_letters(post):
    send, letters = anyio.create_memory_object_stream(10)
    with send:
        for one in post:
            await send.send(one)
    letters.close()  # LC604
    first = await letters.receive()
    return [first]


@pytest.mark.asyncio
async def test_one_letter():
    assert await sorted_letters(["Una"]) == ["Una"]
