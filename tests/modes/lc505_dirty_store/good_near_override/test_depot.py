"""Overrides that this test wants, that all tests share, or that its request does not need."""

import pytest

pytestmark = pytest.mark.asyncio


async def test_it_wants_another_driver(client, as_bob):
    assert (await client.post("/v1/crates/figs/leave")).json() == {"by": "eve"}


async def test_all_tests_have_that_stock(client):
    response = await client.get("/v1/crates/figs")
    assert response.json()["count"] == 3


async def test_it_needs_no_driver(client):
    response = await client.get("/v1/crates/figs")
    assert response.json() == {"count": 500, "of": "figs"}
