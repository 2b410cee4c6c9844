"""Code for both worlds asks whether a loop runs; what fails afterwards is a plain failure."""

import asyncio


def total(prices):
    if not prices:
        raise ValueError("nothing was bought")
    return sum(prices)


async def total_later(prices):
    return total(prices)


def either(prices):
    try:
        return asyncio.get_running_loop().create_task(total_later(prices))
    except RuntimeError:
        return asyncio.run(total_later(prices))


def plain(prices):
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return total(prices)


def older(prices):
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        return total(prices)
    return loop.run_until_complete(total_later(prices))


def test_either():
    assert either([])


def test_plain():
    assert plain([])


def test_older():
    asyncio.run(asyncio.sleep(0))
    assert older([])


def test_sum():
    assert either([1, 2]) == 4
