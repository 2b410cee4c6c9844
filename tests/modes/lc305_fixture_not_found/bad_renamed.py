"""The fixture has a name of its own, and the test says that of its function."""

# name: make_round
import pytest


@pytest.fixture(name="quiz_round")
def make_round():
    return "abc"


def test_by_its_name(quiz_round):
    assert quiz_round == "abc"


def test_by_its_function(make_round):  # LC305
    assert make_round == "abc"
