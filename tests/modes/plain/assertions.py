"""Assertions that are wrong, in every dress."""

import asyncio
import unittest

import pytest


async def total(*prices):
    await asyncio.sleep(0)
    return sum(prices)


def test_sum():
    assert 1 + 1 == 3


def test_text():
    assert "bread" in "butter", "no bread"


def test_list():
    assert [1, 2, 3] == [1, 2, 4]


def test_none():
    assert None is not None


@pytest.mark.asyncio
async def test_async_sum():
    assert await total(1, 2) == 4


@pytest.mark.asyncio(loop_scope="module")
async def test_async_sum_on_the_modules_loop():
    assert await total(2, 2) == 5


@pytest.mark.asyncio(loop_scope="session")
async def test_async_sum_on_the_sessions_loop():
    assert await total(3, 2) == 6


@pytest.mark.asyncio
async def test_gathered():
    assert await asyncio.gather(total(1), total(2)) == [2, 1]


@pytest.mark.asyncio
@pytest.mark.parametrize("price", [1, 2, 3])
async def test_prices(price):
    assert await total(price) == 2


class TestShop:
    def test_open(self):
        assert self.__class__ is None

    @pytest.mark.asyncio
    async def test_async_open(self):
        assert await total() == 1


class TestUnit(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(1, 2)

    def test_sub(self):
        for n in range(2):
            with self.subTest(n=n):
                self.assertEqual(n, 5)


class TestUnitAsync(unittest.IsolatedAsyncioTestCase):
    async def test_equal(self):
        self.assertEqual(await total(1), 2)
