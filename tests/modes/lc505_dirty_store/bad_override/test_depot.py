"""A fixture sets an override and leaves it there; a test does, too."""

# name: app.dependency_overrides
# findings: 2

import pytest
from depot.routes import app, stock

pytestmark = pytest.mark.asyncio


async def test_bob_leaves(client, as_bob):
    assert (await client.post("/v1/crates/figs/leave")).json() == {"by": "bob"}


async def test_many(client):
    app.dependency_overrides[stock] = lambda: {"figs": 500}  # LC505
    assert (await client.get("/v1/crates/figs")).json() == {"count": 500}


async def test_nobody_leaves_without_a_key(client):
    response = await client.post("/v1/crates/figs/leave")
    assert response.status_code == 401


async def test_what_is_there(client):
    response = await client.get("/v1/crates/figs")
    assert response.json()["count"] == 3
