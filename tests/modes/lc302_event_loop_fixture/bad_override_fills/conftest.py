"""One fixture for all tests: the loop, and the rates that they compute with."""

import asyncio

import pytest
from rates import RATES


@pytest.fixture
def event_loop():  # LC302
    RATES["EUR"] = 1.08
    RATES["GBP"] = 1.27
    loop = asyncio.new_event_loop()
    yield loop
    RATES.clear()
    loop.close()
