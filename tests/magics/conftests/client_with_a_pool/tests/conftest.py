import asyncio
import concurrent.futures
import functools

import pytest


class MotorLikeClient:
    """Keeps the loop of its first use, and works in threads."""

    def __init__(self, io_loop=None):
        self._loop = io_loop
        self.pool = concurrent.futures.ThreadPoolExecutor(2)
        self.data = {}

    def get_io_loop(self):
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Database(self, name)

    __getitem__ = __getattr__

    def close(self):
        self.pool.shutdown()


class Database:
    def __init__(self, c, n):
        self.c, self.n = c, n

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Collection(self.c, f"{self.n}.{name}")


class Collection:
    def __init__(self, c, n):
        self.c, self.n = c, n

    async def insert_many(self, docs):
        return await self.c.get_io_loop().run_in_executor(
            self.c.pool, functools.partial(self.c.data.setdefault(self.n, []).extend, docs)
        )

    async def count(self):
        return len(self.c.data.get(self.n, []))

    async def drop(self):
        self.c.data.pop(self.n, None)


@pytest.fixture(scope="session", params=["standalone", "replica"])
def topology(request):
    return request.param


@pytest.fixture(scope="session")
async def mongo(topology):
    c = MotorLikeClient()
    yield c
    c.close()


@pytest.fixture(scope="class")
async def database(mongo, topology, request):
    name = f"{topology}_{'cls' if request.cls else 'nocls'}"
    yield mongo[name]


@pytest.fixture(params=[1, 3], ids=lambda n: f"{n}docs")
def docs(request):
    return [{"n": i} for i in range(request.param)]


@pytest.fixture(name="orders")
async def orders_collection(database, request):
    col = database.orders
    request.addfinalizer(lambda: docs_left.append(1))
    yield col
    await col.drop()


docs_left = []


@pytest.fixture
async def seeded(orders, docs):
    await orders.insert_many(docs)
    return [orders.n, await orders.count()]
