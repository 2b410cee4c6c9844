"""A task has not called the mock yet, so there are no arguments to take a part of."""
# name: tell

import asyncio
from unittest.mock import AsyncMock

import pytest


async def tell(post, text):
    await asyncio.sleep(0.1)
    await post(text, silent=True)


async def order(post, fruit, tasks):
    tasks.append(asyncio.create_task(tell(post, fruit)))
    return "ok"


@pytest.mark.asyncio
async def test_a_post():
    post, tasks = AsyncMock(), []
    assert await order(post, "plum", tasks) == "ok"
    assert post.await_args.args == ("plum",)  # LC208
    await asyncio.gather(*tasks)
