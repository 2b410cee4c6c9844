"""What refuses the call is a part of the closed object, and asks that whether it is closed."""

# findings: 3
# name: queue | room | account
import pytest

pytestmark = pytest.mark.asyncio


class Queue:
    def __init__(self):
        self.over, self.items = False, []
        self.writer = Writer(self)

    def close(self):
        self.over = True


class Writer:
    def __init__(self, queue):
        self._queue = queue

    async def put(self, item):
        queue = self._queue
        if queue.over:
            raise RuntimeError("nothing more")
        queue.items.append(item)


class Room:
    def __init__(self):
        self._shut, self.names = False, []

    @property
    def is_open(self):
        return not self._shut

    async def leave(self):
        self._shut = True

    async def aclose(self):
        await self.leave()


async def enter(room, name):
    if not room.is_open or name in room.names:
        raise PermissionError(name)
    room.names.append(name)


class Account:
    def __init__(self):
        self.ended, self.sum = False, 0

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        self.ended = True

    def booking(self, sum_):
        return Booking(self, sum_)


class Booking:
    def __init__(self, account, sum_):
        self.account, self.sum = account, sum_

    async def run(self):
        account = self.account
        if account.ended:
            raise ValueError("no more bookings")
        account.sum += self.sum


async def test_a_writer():
    queue = Queue()
    await queue.writer.put("plum")
    queue.close()  # LC604
    await queue.writer.put("fig")


async def test_a_function():
    room = Room()
    await room.aclose()  # LC604
    await enter(room, "ana")


async def test_a_block():
    async with Account() as account:  # LC604
        booking = account.booking(3)
    await booking.run()
