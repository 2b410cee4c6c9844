"""Plain failures: a coroutine that the next line would have awaited is collected by a later test.

That happens at any line: here at one of the standard library.
"""

import contextlib
import gc

import pytest


class Order:
    def __init__(self, stock):
        self.stock = stock


async def count():
    return 3


@pytest.mark.asyncio
async def test_the_await_would_follow():
    stock = count()
    assert 1 + 1 == 3
    assert await stock == 3


@pytest.mark.asyncio
async def test_it_is_kept_by_an_object():
    order = Order(count())
    assert 1 + 1 == 3
    await order.stock


def test_both_are_collected():
    with contextlib.ExitStack() as stack:
        stack.callback(gc.collect)


def test_again():
    with contextlib.ExitStack() as stack:
        stack.callback(gc.collect)
