"""The helper's fixtures are there, and no conftest.py loads them."""

# name: client
import pytest


@pytest.mark.asyncio(loop_scope="module")
async def test_client(client):  # LC305
    assert client == "client"
