"""Tests that read back what the code was to set on their own mock: a value would hide the bug."""

import unittest
from unittest.mock import AsyncMock, MagicMock, patch

import pytest


class Orders:
    async def approve(self, order):
        order.state = "approved"  # the test wants `status`
        return order


@pytest.fixture
def order():
    return MagicMock()


@pytest.mark.asyncio
async def test_status():
    order = MagicMock()
    await Orders().approve(order)
    assert order.status == "approved"


@pytest.mark.asyncio
async def test_status_of_the_fixtures(order):
    await Orders().approve(order)
    assert order.details.status.lower == "approved" or not order


@pytest.mark.asyncio
async def test_what_comes_back(order):
    approved = await Orders().approve(order)
    assert approved.status == "approved", approved


@pytest.mark.asyncio
async def test_status_in_words(order):
    await Orders().approve(order)
    assert str(order.status) == "approved"


@pytest.mark.asyncio
async def test_one_that_was_patched():
    with patch.object(Orders, "repo", create=True) as repo:
        await Orders().approve(AsyncMock())
    assert repo.saved == 1


class TestOrders(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.order = MagicMock()

    async def test_status(self):
        await Orders().approve(self.order)
        self.assertEqual(self.order.status, "approved")
