"""A loop waits in its body, and another task changes what it goes through."""

# name: self._clients | self.watchers | rooms
# findings: 3
import asyncio
from collections import deque

import pytest

pytestmark = pytest.mark.asyncio


class Socket:
    def __init__(self):
        self.ready, self.inbox = asyncio.Event(), []

    async def send(self, text):
        await self.ready.wait()
        self.inbox.append(text)


class Board:
    def __init__(self):
        self._clients = {}

    def join(self, name, socket):
        self._clients[name] = socket

    def leave(self, name):
        self._clients.pop(name, None)

    async def broadcast(self, text):
        for _name, socket in self._clients.items():  # LC211
            try:
                await socket.send(text)
            except ConnectionError:
                pass


async def test_one_leaves():
    board, sockets = Board(), [Socket(), Socket()]
    for number, socket in enumerate(sockets):
        board.join(f"c{number}", socket)
    sending = asyncio.create_task(board.broadcast("hello"))
    await asyncio.sleep(0)
    board.leave("c1")
    sockets[0].ready.set()
    await sending
    assert sockets[0].inbox == ["hello"]


class Feed:
    def __init__(self):
        self.watchers = set()

    async def publish(self, item):
        for watcher in self.watchers:  # LC211
            async with asyncio.Lock():
                await watcher(item)


async def test_one_more_watches():
    feed, seen = Feed(), []

    async def watch(item):
        seen.append(item)
        await asyncio.sleep(0)

    async def watch_later():
        feed.watchers.add(len)

    feed.watchers.add(watch)
    async with asyncio.TaskGroup() as group:
        group.create_task(feed.publish("news"))
        group.create_task(watch_later())
    assert seen == ["news"]


rooms = deque(["kitchen", "hall"])


async def clean(done):
    for number, room in enumerate(rooms):  # LC211
        await asyncio.sleep(0)
        done.append((number, room))


async def build():
    rooms.append("attic")


async def test_a_house_that_grows():
    done = []
    await asyncio.gather(clean(done), build())
    assert len(done) == 3
