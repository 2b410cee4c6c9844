"""The user's own code says the words; no two loops ever met."""

import asyncio

import pytest

orders = asyncio.Queue()


class LoopError(RuntimeError):
    pass


def guard(loop):
    if loop is not None:
        raise RuntimeError(f"{orders!r} is bound to a different event loop")


@pytest.mark.asyncio
async def test_words_of_a_queue_from_the_users_own_guard():
    guard(asyncio.get_running_loop())


@pytest.mark.asyncio
async def test_words_of_a_future_from_the_test_itself():
    raise RuntimeError("Task got Future <Future pending> attached to a different loop")


@pytest.mark.asyncio
async def test_words_in_an_exception_of_the_users_own():
    raise LoopError("got Future attached to a different loop")


def test_words_in_a_synchronous_test():
    raise ValueError("The future belongs to a different loop than the one specified")


@pytest.mark.asyncio
async def test_words_in_an_assertion():
    assert "is bound to a different event loop" == "attached to a different loop"
