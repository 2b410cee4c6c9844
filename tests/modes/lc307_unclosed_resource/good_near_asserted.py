"""Objects that close what they create, and leave alone what a test hands in."""

import asyncio
import socket
import threading

import aiohttp
import pytest


class Worker:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class Rates:
    def __init__(self, session):
        self.session = session

    async def aclose(self):
        self.session = None


def test_the_loop_ends_with_the_worker():
    worker = Worker()
    worker.stop()
    assert worker.loop.is_closed()


@pytest.mark.asyncio
async def test_the_session_outlives_the_client():
    async with aiohttp.ClientSession() as session:
        rates = Rates(session)
        await rates.aclose()
        assert not session.closed
    assert session.closed


def test_a_socket_is_open_until_its_end():
    with socket.socket() as sock:
        assert sock.fileno() != -1
    assert sock.fileno() == -1
