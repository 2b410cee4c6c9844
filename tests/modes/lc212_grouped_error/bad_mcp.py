"""MCP's client has two task groups inside: it wraps an error of the block itself, twice."""

import pytest
from mcp import Client
from mcp.server import MCPServer

shop = MCPServer("shop")


class TooExpensive(Exception):
    pass


@shop.tool()
def price(name: str) -> int:
    return {"tea": 3}[name]


async def buy(name, most):
    async with Client(shop) as client:
        said = await client.call_tool("price", {"name": name})
        if int(said.content[0].text) > most:
            raise TooExpensive(name)


# name: TooExpensive
@pytest.mark.asyncio
async def test_tea_is_too_expensive():
    with pytest.raises(TooExpensive, match="tea"):  # LC212
        await buy("tea", 2)
