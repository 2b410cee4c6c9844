"""The decorator on the fixture is not async: auto mode, too, sees a plain function."""

import functools

import pytest


def traced(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


class Repo:
    def find(self):
        return "bread"


# name: repo
@pytest.fixture
@traced
async def repo():  # LC301
    return Repo()


async def test_find(repo):
    assert repo.find() == "bread"
