"""Each case is a new dict around the same list, which is made in another module."""

import pytest
from cases import case


async def total(payload):
    whole = 0
    while payload["items"]:
        whole += payload["items"].pop()
    return whole


@pytest.mark.parametrize("one", [case(currency="eur"), case(currency="usd")], ids=["eur", "usd"])
@pytest.mark.asyncio
async def test_total(one):
    assert await total(one.payload) == one.want
