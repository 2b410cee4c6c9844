"""Assertions below a close that fail, and that no later line contradicts without a change."""

import pytest

pytestmark = pytest.mark.asyncio


class Desk:
    def __init__(self):
        self.jobs = 2

    def close(self):
        self.jobs -= 1

    def clear(self):
        self.jobs = 0


async def test_another_expectation():
    desk = Desk()
    desk.close()
    assert desk.jobs == 0
    assert desk.jobs is not None


async def test_a_change_between_them():
    desk = Desk()
    desk.close()
    assert desk.jobs == 2
    desk.clear()
    assert desk.jobs == 0


async def test_neither_holds():
    desk = Desk()
    desk.close()
    assert desk.jobs == 2
    assert desk.jobs == 0


async def test_another_desk():
    desk, other = Desk(), Desk()
    other.jobs = 1
    desk.close()
    assert other.jobs == 2
    assert other.jobs == 1


async def test_nothing_is_closed():
    desk = Desk()
    desk.clear()
    assert desk.jobs == 2
    assert desk.jobs == 0
