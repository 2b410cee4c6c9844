"""The test reads the caught error: nothing but the group could give it back."""

import asyncio

import pytest


class Rejected(Exception):
    def __init__(self, code):
        self.code = code


async def send(letter):
    await asyncio.sleep(0)
    raise Rejected(len(letter))


async def send_all(letters):
    async with asyncio.TaskGroup() as tasks:
        for letter in letters:
            tasks.create_task(send(letter))


# name: Rejected
@pytest.mark.asyncio
async def test_the_code_is_reported():
    with pytest.raises(Rejected) as caught:  # LC212
        await send_all(["four"])
    assert caught.value.code == 4
