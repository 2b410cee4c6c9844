"""A fixture of module scope: a switch that one test turned off."""

# name: settings
import pytest
import pytest_asyncio


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def settings():  # LC308
    return {"enabled": True, "limit": 3}


@pytest.mark.asyncio(loop_scope="module")
async def test_switches_off(settings):
    settings["enabled"] = False
    assert settings["limit"] == 3


@pytest.mark.asyncio(loop_scope="module")
async def test_needs_it_on(settings):
    assert settings["enabled"]
