"""The settings say loops, not the mode: it is strict."""

# name: gate
import pytest


@pytest.mark.asyncio
async def test_gate(gate):
    assert not gate.locked()
