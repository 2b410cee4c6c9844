"""Wrong expectations of what a method gave back: the work that it began cannot change that."""

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Users:
    def __init__(self):
        self.rows, self.log, self.names, self.jobs = {}, [], {"ann": "abc"}, set()

    def _later(self, coro):
        job = asyncio.create_task(coro)
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)

    async def _audit(self, name):
        await asyncio.sleep(0.01)
        self.log.append(name)
        self.rows[name] = "seen"

    async def create(self, name):
        self.rows[name] = len(self.rows)
        self.job = asyncio.create_task(self._audit(name))
        return 200

    async def login(self, name, word):
        if self.names.get(name) != word:
            return {"ok": False}
        self.log.append(name)
        self._later(self._audit(name))
        return {"ok": True, "name": name}

    async def greet(self, name):
        self.rows[name] = "new"
        self._later(self._audit(name))
        return self.rows[name]

    async def _tell(self, name):
        if name not in self.names:
            raise LookupError(name)
        await asyncio.sleep(0.01)
        self.log.append(name)

    async def tell_all(self, names):
        try:
            await asyncio.gather(*(self._tell(one) for one in names))
        except LookupError:
            return "failed"
        return "ok"


@pytest_asyncio.fixture
async def users():
    users = Users()
    yield users
    await asyncio.sleep(0.02)


async def test_at_once(users):
    assert await users.create("bob") == 201


async def test_by_name(users):
    status = await users.create("bob")
    assert status == 201


async def test_key(users):
    got = await users.login("ann", "abc")
    assert got["user"] == "ann"


async def test_value(users):
    got = await users.login("ann", "abc")
    assert got["name"] == "Ann"


async def test_began_in_the_same_call(users):
    assert await users.greet("ann") == "seen"


async def test_gathered(users):
    assert await users.tell_all(["ann", "bob"]) == "ok"
