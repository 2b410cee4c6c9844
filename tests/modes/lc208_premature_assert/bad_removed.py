"""What a line expects to be gone, a callback of the loop removes a moment later."""

# findings: 6
# name: dict.pop | Leases._expire | list.clear | Limiter._release | Door._close | Tickets._end
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Cache:
    def __init__(self):
        self._items = {}

    def put(self, key, value, seconds=0.05):
        self._items[key] = value
        asyncio.get_running_loop().call_later(seconds, self._items.pop, key, None)

    def has(self, key):
        return key in self._items


class Leases:
    def __init__(self):
        self.held = {}

    def take(self, name):
        self.held[name] = True
        asyncio.get_running_loop().call_later(0.05, self._expire, name)

    def _expire(self, name):
        del self.held[name]


class Limiter:
    def __init__(self):
        self.hits, self.in_use = [], 0

    def hit(self):
        self.hits.append("now")
        asyncio.get_running_loop().call_later(0.05, self.hits.clear)

    def start(self):
        self.in_use += 1
        asyncio.get_running_loop().call_later(0.05, self._release)

    def _release(self):
        self.in_use -= 1


class Door:
    def __init__(self):
        self.open = False

    def ring(self):
        self.open = True
        asyncio.get_running_loop().call_later(0.05, self._close)

    def _close(self):
        self.open = False


class Tickets:
    def __init__(self):
        self.sold = set()

    @property
    def left(self):
        return len(self.sold) < 1

    def sell(self, name):
        self.sold.add(name)
        asyncio.get_running_loop().call_later(0.05, self._end, name)

    def _end(self, name):
        self.sold.discard(name)


async def test_an_entry_of_a_cache():
    cache = Cache()
    cache.put("plum", 3)
    assert cache.has("plum")
    await asyncio.sleep(0)
    assert cache.has("plum") is False  # LC208


async def test_a_lease():
    leases = Leases()
    leases.take("door")
    await asyncio.sleep(0.01)
    assert "door" not in leases.held  # LC208


async def test_the_hits_of_a_window():
    limiter = Limiter()
    limiter.hit()
    await asyncio.sleep(0.01)
    assert len(limiter.hits) == 0  # LC208


async def test_a_count():
    limiter = Limiter()
    limiter.start()
    await asyncio.sleep(0.01)
    assert limiter.in_use == 0  # LC208


async def test_a_flag():
    door = Door()
    door.ring()
    await asyncio.sleep(0.01)
    assert not door.open  # LC208


async def test_a_property():
    tickets = Tickets()
    tickets.sell("ana")
    await asyncio.sleep(0)
    assert tickets.left  # LC208
