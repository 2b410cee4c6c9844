"""A task follows all messages of a web socket, and a method waits for its own answer on it."""
# name: self.socket

import asyncio

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer


async def echo(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data.upper())
    return socket


class Chat:
    def __init__(self, socket):
        self.socket, self.seen = socket, []
        self.following = asyncio.create_task(self.follow())  # LC606

    async def follow(self):
        async for message in self.socket:
            self.seen.append(message.data)

    async def ask(self, text):
        await self.socket.send_str(text)
        return await self.socket.receive_str()


@pytest_asyncio.fixture
async def chat():
    app = web.Application()
    app.router.add_get("/", echo)
    async with TestClient(TestServer(app)) as client:
        chat = Chat(await client.ws_connect("/"))
        yield chat
        chat.following.cancel()


@pytest.mark.asyncio
async def test_an_answer_comes(chat):
    await asyncio.sleep(0)
    assert await chat.ask("hello") == "HELLO"
