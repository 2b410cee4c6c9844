"""The setting is anyio's, and misspelt: its plugin takes only what is marked."""

# name: anyio_mod
import pytest


@pytest.fixture
async def shop():
    return "open"


async def test_alone():
    assert True


@pytest.mark.anyio
async def test_shop(shop):
    assert shop == "open"
