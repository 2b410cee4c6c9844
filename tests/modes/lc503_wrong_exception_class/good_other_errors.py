"""Tests that fail for errors nobody waits for, or that were caught and raised again."""

import asyncio

import pytest
from valkey.exceptions import ConnectionError as StoreConnectionError
from valkey.exceptions import ResponseError

pytestmark = pytest.mark.asyncio


class NotFound(Exception):
    pass


async def find(name):
    raise NotFound(name)


async def test_an_error_that_nobody_waits_for():
    with pytest.raises(KeyError):
        await find("tea")


async def test_it_was_caught_and_raised_again():
    try:
        await find("tea")
    except NotFound:
        raise


async def test_it_is_raised_by_the_handler_itself():
    try:
        await find("tea")
    except (NotFound, ConnectionError):
        raise StoreConnectionError("no route") from None


async def test_the_line_is_not_within_the_block():
    try:
        pass
    except ConnectionError:
        pass
    raise StoreConnectionError("later")


async def test_another_function_is_not_protected():
    try:

        async def refuse():
            raise StoreConnectionError("refused")

    except ConnectionError:
        pass
    await refuse()


async def test_nothing_is_raised():
    with pytest.raises(ResponseError):
        await asyncio.sleep(0)


async def test_the_words_differ():
    with pytest.raises(NotFound, match="coffee"):
        await find("tea")


async def test_a_plain_question():
    assert isinstance(ValueError("x"), KeyError)
