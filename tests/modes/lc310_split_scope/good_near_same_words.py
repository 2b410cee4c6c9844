"""The same words, raised by code of one's own: no scope of anyio's is there."""

import pytest
import pytest_asyncio


class Gate:
    def close(self):
        raise RuntimeError(
            "Attempted to exit cancel scope in a different task than it was entered in"
        )


@pytest_asyncio.fixture
async def gate():
    one = Gate()
    yield one
    one.close()


@pytest.mark.asyncio
async def test_gate(gate):
    assert gate
