"""The hook says which loops the tests get, the ini that they are in debug mode."""

import asyncio

import pytest
from conftest import Fair


@pytest.mark.asyncio
async def test_runs_on_the_fair_loop():
    assert isinstance(asyncio.get_running_loop(), Fair)
    assert asyncio.get_running_loop().get_debug()
