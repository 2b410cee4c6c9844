import asyncio

import pytest


async def price(article):
    await asyncio.sleep(0)
    return {"tea": 3}[article]


@pytest.fixture
def ask():
    loop = asyncio.new_event_loop()  # LC105
    return lambda article: loop.run_until_complete(price(article))
