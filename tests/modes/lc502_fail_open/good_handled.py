"""Errors that are handled as they should be, in tests that pass and in tests that fail plainly."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Down:
    async def incr(self, key):
        raise OSError("store is away")


class Strict:
    def __init__(self, store):
        self.store, self.refused = store, 0

    async def allow(self, key):
        try:
            return await self.store.incr(key) < 3
        except Exception:
            self.refused += 1
            return False


def number(text):
    try:
        return int(text)
    except Exception:
        return -1


def label(thing):
    try:
        return thing.name
    except Exception:
        return str(thing)


def known(seen, key):
    try:
        seen[key]
    except KeyError:
        return False
    return True


async def again(step, times):
    for _ in range(times):
        try:
            return await step()
        except Exception:
            await asyncio.sleep(0)
    return None


class Lenient(Strict):
    async def allow(self, key):
        try:
            return await self.store.incr(key) < 3
        except Exception:
            return True


async def test_what_is_refused_is_counted():
    strict = Strict(Down())
    assert await strict.allow("a") is False
    assert strict.refused == 1


async def test_a_closed_gate_is_a_plain_failure():
    assert await Strict(Down()).allow("a") is True


async def test_a_store_that_is_away_opens_the_gate():
    assert await Lenient(Down()).allow("a") is True


async def test_no_number_is_minus_one():
    assert number("tea") == -1
    assert number(None) == 0


async def test_a_label_of_something_without_a_name():
    assert label(3) == "three"


async def test_an_unknown_key():
    assert known({"a": 1}, "b")


async def test_a_retry_that_ends_well():
    steps = iter([OSError("once"), 3])

    async def step():
        found = next(steps)
        if isinstance(found, OSError):
            raise found
        return found

    assert await again(step, 3) == 3


async def test_an_optional_attribute():
    class Plain:
        pass

    try:
        name = Plain().name
    except AttributeError:
        name = "nobody"
    assert name == "nobody"
