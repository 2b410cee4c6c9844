"""A list of arguments goes through a decorator and a runner, which hand on what they get."""

# name: ARGS | OPTIONS
# findings: 2
import functools

import pytest

pytestmark = pytest.mark.asyncio
ARGS = ["cat.png", 10, 20]  # LC308
OPTIONS = {"width": 10, "height": 20}  # LC308


def traced(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


@traced
async def run(job, *args, **kwargs):
    return await job(*args, **kwargs)


async def resize(path, width, height):
    return path, width, height


async def test_swapped():
    height = ARGS.pop()
    assert await run(resize, ARGS[0], height, ARGS[1]) == ("cat.png", 20, 10)


async def test_as_they_are():
    assert await run(resize, *ARGS) == ("cat.png", 10, 20)


async def test_square():
    width = OPTIONS.pop("width")
    assert await run(resize, "cat.png", width=width, height=width) == ("cat.png", 10, 10)


async def test_all_options():
    assert await run(resize, "cat.png", **OPTIONS) == ("cat.png", 10, 20)
