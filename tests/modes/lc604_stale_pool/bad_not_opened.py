"""Objects that nothing has opened: their classes refuse the call, or still have None there."""

# findings: 6
# name: client | shop.feed | db | queue | lamp
import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Client:
    def __init__(self, url):
        self.url, self._session = url, None

    async def connect(self):
        self._session = {"url": self.url}

    async def close(self):
        self._session = None

    async def get(self, key):
        if self._session is None:
            raise RuntimeError("client is not connected")
        return self._session["url"] + key


class Feed:
    def __init__(self):
        self._queue = None

    async def start(self):
        await self._make()

    async def _make(self):
        self._queue = asyncio.Queue()

    async def push(self, item):
        await self._queue.put(item)


class Shop:
    def __init__(self, feed):
        self.feed = feed

    async def order(self, name):
        await self.feed.push(name)


class Db:
    _rows = None

    async def __aenter__(self):
        self._rows = ["plum"]
        return self

    async def __aexit__(self, *error):
        self._rows = None

    @property
    def is_open(self):
        return self._rows is not None

    async def rows(self):
        if not self.is_open:
            raise ValueError("use `async with`")
        return self._rows


class Queue:
    def __init__(self):
        self._closing = False

    def close(self):
        self._closing = True

    async def wait_closed(self):
        if not self._closing:
            raise RuntimeError("waiting for a queue that is not closed")


class Lamp:
    def __init__(self):
        self._wire = None

    def open(self):
        self._wire = object()

    async def shine(self):
        if self._wire is None:
            raise RuntimeError("the lamp has no wire")
        return "light"


@pytest_asyncio.fixture
async def client():
    client = Client("shop/")  # LC604
    yield client
    await client.close()


@pytest.fixture
def shop():  # LC604
    return Shop(Feed())


async def test_a_client_of_a_fixture(client):
    assert await client.get("plum") == "shop/plum"


async def test_a_part_of_an_object(shop):
    await shop.order("plum")


async def test_a_block():
    db = Db()  # LC604
    assert await db.rows() == ["plum"]


async def test_an_end_that_nothing_began():
    queue = Queue()
    await queue.wait_closed()  # LC604
    queue.close()


async def test_a_lamp():
    lamp = Lamp()  # LC604
    assert await lamp.shine() == "light"


class TestLamp:
    @pytest_asyncio.fixture
    async def lamp(self):
        lamp = Lamp()  # LC604
        yield lamp

    async def test_it_shines(self, lamp):
        assert await lamp.shine() == "light"
