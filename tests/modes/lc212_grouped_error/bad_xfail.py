"""The error that the test is known to fail with arrives in a group."""

import asyncio

import pytest


class NotYet(Exception):
    pass


async def translate(word):
    raise NotYet(word)


# name: NotYet
@pytest.mark.xfail(raises=NotYet, strict=True)  # LC212
@pytest.mark.asyncio
async def test_words_are_translated():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(translate("loop"))
