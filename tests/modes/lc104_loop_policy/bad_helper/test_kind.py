"""A fixture calls the helper that sets the policy, and all loops stay as they were."""

import asyncio

import pytest


# name: asyncio.set_event_loop_policy
@pytest.mark.asyncio
async def test_kind():
    loop = asyncio.get_running_loop()
    assert type(loop).__name__ == "Quick"
