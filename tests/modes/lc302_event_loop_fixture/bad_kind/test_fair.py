"""The override makes a loop of its own kind; the tests have the usual one."""

# name: event_loop
import asyncio

import pytest
from conftest import Fair


@pytest.mark.asyncio
async def test_runs_on_the_fair_loop():
    assert isinstance(asyncio.get_running_loop(), Fair)


@pytest.mark.asyncio
async def test_its_name():
    kind = type(asyncio.get_running_loop()).__name__
    assert kind == "Fair"
