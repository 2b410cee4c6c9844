"""Resources that a test takes for closed, and that nobody promised to close."""

import asyncio

import aiohttp
import pytest

pytestmark = pytest.mark.asyncio


class Rates:
    def __init__(self, session):
        self.session = session

    async def aclose(self):
        self.session, self.ended = self.session, True


class Feed:
    closed = False

    def __init__(self):
        self.channel = Channel()

    def close(self):
        self.closed = True


class Channel:
    closed = False


class Gate:
    async def start(self):
        self.server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)

    def close(self):
        self.closing = asyncio.ensure_future(self.end())

    async def end(self):
        self.server.close()


async def test_nothing_was_to_close_it():
    async with aiohttp.ClientSession() as session:
        assert session.closed


async def test_the_session_was_handed_in():
    async with aiohttp.ClientSession() as session:
        rates = Rates(session)
        await rates.aclose()
        assert rates.session.closed


async def test_a_class_of_its_own():
    feed = Feed()
    feed.close()
    assert feed.channel.closed


async def test_the_end_comes_first():
    gate = Gate()
    await gate.start()
    try:
        assert not gate.server.is_serving()
    finally:
        await gate.end()
