"""What sleeps here does so beside the loop."""

import asyncio
import subprocess
import sys
import time

import pytest
import pytest_asyncio


@pytest.fixture
def booted():
    time.sleep(0.2)


@pytest_asyncio.fixture
async def child():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    yield process
    await process.wait()


@pytest.mark.asyncio
async def test_all_of_them(booted, child):
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(None, time.sleep, 0.15) for _ in range(3)))
    await asyncio.to_thread(subprocess.run, ["sleep", "0.2"], check=True)


def test_without_a_loop():
    time.sleep(0.2)
