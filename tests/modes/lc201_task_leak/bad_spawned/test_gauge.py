"""An object keeps the task, which a helper starts: the fixture never calls its `stop()`."""

import asyncio

import pytest
import pytest_asyncio
from gauge import Gauge


@pytest_asyncio.fixture
async def gauge():
    one = Gauge()
    await one.start()  # LC201
    return one


# name: Gauge._read
@pytest.mark.asyncio
async def test_a_value(gauge):
    await asyncio.sleep(0)
    assert gauge.values == [7]
