"""Services keep a client; tests ask them for methods that nobody wrote, or that are misspelt."""

import fakeredis
import httpx
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

pytestmark = pytest.mark.asyncio


class Users:
    def __init__(self, session):
        self._session = session

    async def create(self, name):
        return name

    async def rename(self, old, new):
        return await self.merge(old, new)


class Newsletter:
    def __init__(self, http, redis):
        self.http, self.redis = http, redis

    async def subscribe(self, mail):
        await self.redis.sadd("mails", mail)


class SignUp:
    def __init__(self, users, letter):
        self.users, self.letter = users, letter

    async def of(self, name):
        if await self.users.get(name) is None:
            await self.letter.send(name)


@pytest_asyncio.fixture
async def users():
    engine = create_async_engine("sqlite+aiosqlite://")
    async with AsyncSession(engine) as session:
        yield Users(session)
    await engine.dispose()


@pytest_asyncio.fixture
async def letter():
    async with httpx.AsyncClient() as http:
        yield Newsletter(http, fakeredis.FakeAsyncRedis())


async def check(users, name):
    assert await users.get(name)


async def test_delete(users):
    assert await users.delete(await users.create("ann"))


async def test_get(users):
    assert await users.get("ann")


async def test_scalars(users):
    assert await users.scalars("ann")


async def test_rename(users):
    assert await users.rename("ann", "anna")


async def test_get_by_a_helper(users):
    await check(users, "ann")


async def test_a_service_asks_a_service(users, letter):
    await SignUp(users, letter).of("ann")


async def test_send(letter):
    await letter.subscribe("a@x")
    assert await letter.send("hello") == 1


async def test_publish(letter):
    assert await letter.publish("hello") == 1


async def test_incr(letter):
    assert await letter.incr("hello") == 1


async def test_close(letter):
    await letter.close()


class TestOfAClass:
    @pytest.fixture(autouse=True)
    def _made(self):
        self.letter = Newsletter(None, fakeredis.FakeAsyncRedis())

    async def test_get(self):
        assert await self.letter.sismember("ann")
