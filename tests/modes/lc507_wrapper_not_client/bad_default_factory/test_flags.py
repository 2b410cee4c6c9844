"""A field is filled by a call of an `async def`, or the test hands over such a call."""

# name: self.kv
# findings: 2
from types import SimpleNamespace

import pytest
from container import Container, Flags, connect

pytestmark = pytest.mark.asyncio


async def test_an_unknown_flag_is_off():
    assert not await Flags(Container()).enabled("beta")


async def test_of_the_test():
    assert not await Flags(SimpleNamespace(valkey=connect())).enabled("beta")  # LC507


async def test_awaited():
    assert not await Flags(SimpleNamespace(valkey=await connect())).enabled("beta")
