"""A client of MCP, the official SDK: its task group is inside, and no line here says so."""

import pytest
import pytest_asyncio
from mcp import Client
from mcp.server import MCPServer

shop = MCPServer("shop")


@shop.tool()
def price(name: str) -> int:
    return {"tea": 3}[name]


# name: client
@pytest_asyncio.fixture
async def client():
    async with Client(shop) as client:  # LC310
        yield client


@pytest.mark.asyncio
async def test_price(client):
    found = await client.call_tool("price", {"name": "tea"})
    assert found.content[0].text == "3"
