"""A report is written to a pipe that nobody reads: the process waits in its next write."""

# name: printer

import asyncio
import sys

import pytest

REPORT = "import sys; sys.stdout.write('x' * 2_000_000)"


@pytest.mark.asyncio
async def test_the_printer_ends():
    pipe = asyncio.subprocess.PIPE
    printer = await asyncio.create_subprocess_exec(sys.executable, "-c", REPORT, stdout=pipe)
    try:
        async with asyncio.timeout(3):
            assert await printer.wait() == 0  # LC203
    finally:
        printer.kill()
        printer._transport.close()
