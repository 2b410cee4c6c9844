"""A context manager logs what fails in its block, and does not raise it again."""

import asyncio
import contextlib
import logging

import pytest

log = logging.getLogger(__name__)


def check(order):
    if not order:
        raise ValueError("an empty order")


@contextlib.asynccontextmanager
async def timed(name):
    start = asyncio.get_running_loop().time()
    try:
        yield
    except Exception as error:  # LC205
        log.warning("%s: %s", name, error)
    finally:
        log.info("%s: %s s", name, asyncio.get_running_loop().time() - start)


async def take(order):
    async with timed("take"):
        await asyncio.sleep(0)
        check(order)


# name: except Exception
@pytest.mark.asyncio
async def test_an_empty_order_is_refused():
    with pytest.raises(ValueError, match="empty"):
        await take([])
