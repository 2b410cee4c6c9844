"""Synchronous tests need it too. The second one is told nothing but AssertionError."""

# name: answer
import pytest


@pytest.fixture
async def answer():  # LC301
    return 42


def test_answer(answer):
    assert answer == 42


def test_answer_again(answer):
    assert answer == 42
