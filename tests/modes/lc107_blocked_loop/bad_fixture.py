"""The fixture starts its helper with a call that waits for its end."""

import subprocess

import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def migrated():
    done = subprocess.run(["sleep", "0.3"], check=True)  # LC107
    yield done.returncode


# name: subprocess.run
@pytest.mark.asyncio
async def test_is_migrated(migrated):
    assert migrated == 0
