"""What collects the errors of jobs has the one that tells why nothing ran."""

# name: gate
import pytest
from jobs import run

pytestmark = pytest.mark.asyncio


async def test_first():
    assert await run([]) == "done"


async def test_second():
    assert await run([]) == "done"
