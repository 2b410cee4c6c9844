"""The name of a fixture as the parameter of an override; a client that is not async; auto mode."""

# name: current_user

import pytest
from fastapi.testclient import TestClient
from shop import app, current_user


@pytest.fixture
def ada():
    return {"name": "ada"}


@pytest.fixture
def client(ada):
    def fake_user(ada):
        return ada

    app.dependency_overrides.update({current_user: fake_user})  # LC408
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_me(client):
    client.get("/v1/me").raise_for_status()


def test_me_by_name(client):
    answer = client.get("/v1/me")
    assert answer.json()["name"] == "ada"
