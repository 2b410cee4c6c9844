"""An override that sets debug mode, and tests that fail beside it for reasons of their own."""

import asyncio

import pytest


class Fair(asyncio.SelectorEventLoop):
    pass


@pytest.fixture
def event_loop():
    loop = Fair()
    loop.set_debug(True)
    yield loop
    loop.close()


def slow(debug):
    return 2 if debug else 1


@pytest.mark.asyncio
async def test_of_another_loop():
    other = asyncio.new_event_loop()
    other.close()
    assert other.get_debug()


@pytest.mark.asyncio
async def test_of_its_own_turn():
    loop = asyncio.get_running_loop()
    assert slow(loop.get_debug()) == 3


@pytest.mark.asyncio
async def test_of_two_conditions():
    loop = asyncio.get_running_loop()
    assert loop.is_closed() or isinstance(loop, str)


@pytest.mark.asyncio
async def test_of_another_kind():
    assert isinstance(asyncio.get_running_loop(), asyncio.Runner)


def test_without_a_loop():
    assert isinstance(asyncio.new_event_loop(), Fair)


def test_that_requests_it(event_loop):
    assert not event_loop.is_running()
