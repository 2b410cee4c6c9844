"""A stream of many values is no session: to ask it for a method is a slip of another kind."""

import pytest


async def names():
    for name in ("ada", "bob"):
        yield name


def one():
    yield "ada"


@pytest.mark.asyncio
async def test_of_a_stream():
    assert names().upper() == "ADA"


def test_of_a_plain_generator():
    assert one().upper() == "ADA"
