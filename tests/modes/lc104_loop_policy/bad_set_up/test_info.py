"""The module's set-up comes too late, too; a function tells the kind of the loop."""

import asyncio

import loops
import pytest


def setup_module():
    loops.install()


def teardown_module():
    asyncio.set_event_loop_policy(None)


# name: asyncio.set_event_loop_policy
@pytest.mark.asyncio
async def test_info():
    assert (await loops.info())["loop"] == "Quick"
