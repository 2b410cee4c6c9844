"""In auto mode pytest-asyncio runs pytest's own async fixtures."""

import pytest


@pytest.fixture
async def answer():
    yield 42


@pytest.fixture(autouse=True)
async def clean():
    yield


async def test_answer(answer):
    assert answer == 42


def test_synchronous(answer):
    assert answer == 42
