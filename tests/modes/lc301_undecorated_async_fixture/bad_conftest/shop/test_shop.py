import pytest


@pytest.mark.asyncio
async def test_shop_has_a_gate(gate):
    async with gate:
        assert gate.locked()
