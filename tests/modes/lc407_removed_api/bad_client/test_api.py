"""In a subclass, through a fixture: the test never begins."""

# name: app=

import pytest


@pytest.mark.asyncio
async def test_root(api):
    assert (await api.get("/")).status_code == 404


@pytest.mark.asyncio
async def test_other(api):
    assert (await api.get("/other")).status_code == 404
