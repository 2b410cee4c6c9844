"""A program that the test starts goes on after it: Python does not wait for a `Popen`."""

import asyncio
import sys

import pytest

LINGERS = "import sys, time; print('ready', flush=True); sys.stdout.close(); time.sleep(8)"


@pytest.mark.asyncio
async def test_a_program_says_it_is_ready():
    pipe = asyncio.subprocess.PIPE
    null = asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LINGERS, stdin=null, stdout=pipe, stderr=null
    )
    assert await child.stdout.readline() == b"ready\n"
