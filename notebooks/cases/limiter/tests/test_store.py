import pytest
import pytest_asyncio
from limiter.store import MINUTE, Store

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def store(store_url):
    store = Store(store_url, tries=1)
    yield store
    await store.close()


async def test_it_counts_from_one(store, name):
    assert [await store.count(name) for _ in range(3)] == [1, 2, 3]


async def test_two_keys_are_counted_apart(store, name):
    await store.count(name)
    assert await store.count(f"{name}:other") == 1


async def test_a_count_ends_with_its_minute(store, name):
    await store.count(name)
    assert 0 < await store.client.ttl(name) <= MINUTE
