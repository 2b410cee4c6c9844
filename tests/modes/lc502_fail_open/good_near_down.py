"""The store is away at times; what fails has the store's own answer, or is not about it."""

import asyncio
import contextlib
import os

import fakeredis
import pytest
import valkey.asyncio as valkey
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError

pytestmark = pytest.mark.asyncio


class Watched:
    """Another counts between the look and the step: the client sees to it, and tries again."""

    def __init__(self, store):
        self.store, self.others = store, 1

    async def _step(self, pipe):
        if self.others:
            self.others -= 1
            await self.store.incrby("quota")
        pipe.multi()
        pipe.incrby("quota")

    async def allow(self):
        try:
            return (await self.store.transaction(self._step, "quota"))[0] <= 3
        except Exception:
            return True


class Both:
    """Takes errors as answers."""

    def __init__(self, store):
        self.store = store

    async def allow(self):
        try:
            pipe = self.store.pipeline()
            answers = await pipe.incrby("name").incrby("count").execute(raise_on_error=False)
            return any(type(answer) is int for answer in answers)
        except Exception:
            return True


async def any_allows(clients):
    try:
        asked = [client.incrby("quota") for client in clients]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        return any(type(answer) is int for answer in answers)
    except Exception:
        return True


class Quota:
    def __init__(self, store):
        self.store = store

    async def allow(self, user):
        try:
            return await self.store.incrby(f"quota:{user}") <= 3
        except Exception:
            return True


@pytest.fixture
def server():
    return fakeredis.FakeServer()


class Wakes(NoBackoff):
    """The store comes back while the client waits."""

    server = None  # each connection copies its own of these

    def compute(self, failures):
        Wakes.server.connected = True
        return 0


async def test_the_client_tries_again(server):  # fails: three are allowed, and that is the first
    store = fakeredis.FakeAsyncRedis(server=server)
    store.set_retry(Retry(Wakes(), 3))
    Wakes.server = server
    server.connected = False
    assert await Quota(store).allow("ada") is False


async def test_another_counts_as_well(server):  # fails: that is the second of three
    limit = Watched(fakeredis.FakeAsyncRedis(server=server))
    assert await limit.allow() is False
    assert limit.others == 0


async def test_an_error_that_is_an_answer():  # fails: the second of both is no error
    store = valkey.from_url(os.environ["VALKEY_URL"])
    async with store:
        await store.set("name", "ada")
        assert await Both(store).allow() is False


async def test_an_error_among_answers(server):  # fails: one of both has answered
    away = fakeredis.FakeServer()
    away.connected = False
    clients = [fakeredis.FakeAsyncRedis(server=one) for one in (server, away)]
    assert await any_allows(clients) is False


async def test_the_opening_is_asserted_before(server):  # fails: there is no such user
    store = fakeredis.FakeAsyncRedis(server=server)
    server.connected = False
    assert await Quota(store).allow("ada") is True
    server.connected = True
    assert await Quota(store).allow("bob") is False


async def test_away_while_it_is_set_up(server):  # fails: the store says so
    store = fakeredis.FakeAsyncRedis(server=server)
    server.connected = False
    with contextlib.suppress(ConnectionError):
        await store.ping()
    server.connected = True
    assert await Quota(store).allow("ada") is False


async def test_open_while_it_is_away(server):
    store = fakeredis.FakeAsyncRedis(server=server)
    server.connected = False
    assert await Quota(store).allow("ada") is True
