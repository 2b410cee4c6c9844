"""Wrong arguments through a runner, beside lists that a test changed: they are not what it got."""

import pytest

pytestmark = pytest.mark.asyncio
ARGS = ["cat.png", 10, 20]
OPTIONS = {"width": 10, "height": 20}


async def run(job, *args, **kwargs):
    return await job(*args, **kwargs)


async def resize(path, width, height):
    return path, width, height


async def name(*parts):
    return ".".join(map(str, parts))


async def test_takes_one():
    assert ARGS.pop() == OPTIONS.pop("height")


async def test_too_few_of_its_own():
    assert await run(resize, "dog.png", 10) == await name(*ARGS)


async def test_too_few_options_of_its_own():
    assert await run(resize, "dog.png", width=10) == await run(dict, **OPTIONS)
