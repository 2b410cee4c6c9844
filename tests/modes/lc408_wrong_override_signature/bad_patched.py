"""The table of overrides is patched for the length of a fixture, with a mock in it."""

# name: read_meter

from unittest.mock import Mock, patch

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


def read_meter():
    return 42


@app.get("/meter")
async def meter(value=Depends(read_meter)):
    return {"value": value}


@pytest.fixture
def client():
    with patch.dict(app.dependency_overrides, {read_meter: Mock(return_value=7)}):  # LC408
        yield TestClient(app)


def test_the_meter_is_read(client):
    assert client.get("/meter").json()["value"] == 7
