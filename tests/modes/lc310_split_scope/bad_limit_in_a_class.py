"""A limit for the whole test, as a fixture of a class."""

import anyio
import pytest
import pytest_asyncio


# name: in_time
class TestLookUp:
    @pytest_asyncio.fixture(autouse=True)
    async def in_time(self):
        with anyio.move_on_after(5):  # LC310
            yield

    @pytest.mark.asyncio
    async def test_name(self):
        await anyio.sleep(0)

    @pytest.mark.asyncio
    async def test_number(self):
        await anyio.sleep(0)
