"""Code that is ready for there being no loop fails for a reason of its own."""

import asyncio


async def price():
    return {}["jam"]


def price_now():
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        return asyncio.run(price())
    return loop.run_until_complete(price())


def test_price_now():
    asyncio.run(asyncio.sleep(0))
    assert price_now() == 3
