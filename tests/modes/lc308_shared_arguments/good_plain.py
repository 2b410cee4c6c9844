"""Shared containers that change, and failures that have other reasons."""

import pytest

pytestmark = pytest.mark.asyncio
CACHE = {}
SEEN = []
PRICES = {"bread": 3, "butter": 2}
TABLE = {"a": 1}


@pytest.fixture(scope="session")
def log():
    return []


async def price(name):
    if name not in CACHE:
        CACHE[name] = PRICES[name]
    return CACHE[name]


async def test_fills_the_cache(log):
    log.append("first")
    SEEN.append("bread")
    assert await price("bread") == 3


async def test_never_had_the_key(log):
    log.append("second")
    assert CACHE["jam"] == 4


async def test_wrong_price(log):
    log.append("third")
    assert await price("bread") == 4


async def test_wrong_in_any_case(log):
    assert log == ["something", "else"]


async def test_wrong_count():
    assert len(SEEN) == 5


async def test_pops_twice_by_itself():
    mine = {"key": 1}
    mine.pop("key")
    mine.pop("key")


async def test_removes_from_the_shared_one_twice():
    TABLE.pop("a")
    TABLE.pop("a")


async def test_local_of_the_same_name():
    TABLE = {}
    assert TABLE["a"] == 1


async def test_wrong_arguments():
    async def send(name, amount):
        return name

    await send(**CACHE)


async def test_another_key_is_asked_for():
    found = {"b": PRICES}
    assert found["a"] is TABLE


@pytest.mark.parametrize("order", [{"id": 1}, {"id": 2}])
async def test_its_own_parameter(order):
    order.pop("id")
    assert order["id"] == 1
