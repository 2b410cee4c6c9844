"""The loop has a handler of the project, which gets what asyncio reports."""

import asyncio
import gc

import pytest


async def consume(lines):
    await lines.get()


@pytest.mark.asyncio
async def test_the_handler_hears_of_it():
    heard = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: heard.append(context["message"]))
    loop.create_task(consume(asyncio.Queue()))
    await asyncio.sleep(0)
    gc.collect()
    assert len(heard) == 1
