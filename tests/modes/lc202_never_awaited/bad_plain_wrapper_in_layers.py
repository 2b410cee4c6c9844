"""Two decorators: the outer one counts, the inner one suppresses what it never sees."""

import asyncio
from contextlib import suppress

import pytest

calls = []


def counted(function):
    def count(*args):
        calls.append(args)
        return function(*args)

    return count


def quiet(function):
    def run(*args):
        with suppress(ValueError):
            return function(*args)  # LC202

    return run


@counted
@quiet
async def parse(text):
    await asyncio.sleep(0)
    return int(text)


# name: parse
@pytest.mark.asyncio
async def test_bad_numbers_are_left_out():
    found = await asyncio.gather(parse("3"), parse("three"))
    assert found == [3, None]
