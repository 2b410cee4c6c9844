"""A finished asyncio future, handed out as if a thread had made it."""

# name: executor

import asyncio
from unittest.mock import Mock

import pytest


class Press:
    def __init__(self, pool):
        self.pool = pool

    def square(self, number):
        return self.pool.submit(pow, number, 2).result(timeout=1)


@pytest.mark.asyncio
async def test_square():
    done = asyncio.Future()  # LC406
    done.set_result(9)
    pool = Mock()
    pool.submit.return_value = done
    assert Press(pool).square(3) == 9
