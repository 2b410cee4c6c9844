"""What the tests of a session share is two objects deep, or a mock that is a fixture itself."""

# findings: 2
# name: api.bus.published
from unittest.mock import MagicMock

import pytest


class Bus:
    def __init__(self):
        self.published = {}


class Api:
    def __init__(self, bus):
        self.bus = bus

    async def order(self, thing):
        self.bus.published[thing] = len(thing)


@pytest.fixture(scope="session")
def api():  # LC505
    return Api(Bus())


@pytest.fixture(scope="module")
def bell():  # LC505
    yield MagicMock()


@pytest.mark.asyncio
async def test_tea_is_ordered(api, bell):
    await api.order("tea")
    bell("front")
    assert "tea" in api.bus.published


@pytest.mark.asyncio
async def test_one_thing_is_ordered(api):
    await api.order("milk")
    assert len(api.bus.published) == 1


def test_nobody_rings(bell):
    bell.assert_not_called()


def test_one_rings(bell):
    bell("back")
    assert bell.call_count == 1
