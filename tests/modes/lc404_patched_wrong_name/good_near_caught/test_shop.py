"""The error of the call is not what became the answer, or need not be."""

from unittest.mock import AsyncMock

import pytest
from shop import Shop

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def note(monkeypatch):
    monkeypatch.setattr("gate.note", AsyncMock())


@pytest.fixture
def charge(monkeypatch):
    monkeypatch.setattr("gate.charge", AsyncMock())


async def test_another_word():
    assert await Shop().pay(5) == "paid"


async def test_it_was_to_fail():
    wanted = "failed"
    assert await Shop().pay(5) == wanted


async def test_another_call_failed():
    assert await Shop().paid(5) is True


async def test_the_answer_is_the_same_in_any_case(charge):
    assert await Shop().told(5) == "a mail"


async def test_there_are_two_ways_to_that_answer():
    assert await Shop().known(5) == "known"
