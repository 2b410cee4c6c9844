"""The test gives its own task to `wait_for`, and awaits it later: by then it is cancelled."""

# name: export
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def exported(disk):
    await disk.wait()
    return "12 rows"


async def test_an_export_outlives_an_impatient_look():
    disk = asyncio.Event()
    export = asyncio.create_task(exported(disk))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(export, 0.01)  # LC215
    disk.set()
    assert await export == "12 rows"
