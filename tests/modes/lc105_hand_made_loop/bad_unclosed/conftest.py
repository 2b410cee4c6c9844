import asyncio
import gc

import pytest


async def price(article):
    await asyncio.sleep(0)
    return {"tea": 3}[article]


@pytest.fixture
def ask():
    loop = asyncio.new_event_loop()  # LC105
    return lambda article: loop.run_until_complete(price(article))


gc.disable()  # else the moment of a collection decides which phase of which test fails
