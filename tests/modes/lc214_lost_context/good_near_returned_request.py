"""The endpoint answers with the variable, and what sets it is in its own task, or did not run."""

from contextvars import ContextVar

import pytest
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.testclient import TestClient

clinic = ContextVar("clinic", default="none")
app = FastAPI()


async def bind(x_clinic: str = Header()):
    clinic.set(x_clinic)


def bind_known(x_clinic: str = Header()):
    if x_clinic != "north":
        raise HTTPException(404)
    clinic.set(x_clinic)


def leave():
    clinic.set("left")


async def answer():
    return {"clinic": clinic.get(), "open": True}


app.get("/async", dependencies=[Depends(bind)])(answer)
app.get("/known", dependencies=[Depends(bind_known)])(answer)
app.get("/both", dependencies=[Depends(bind), Depends(leave)])(answer)
app.get("/free")(answer)


@pytest.fixture
def client():
    app.dependency_overrides.clear()
    return TestClient(app, headers={"x-clinic": "south"})


def test_a_wrong_value(client):
    assert client.get("/async").json() == {"clinic": "north", "open": True}


def test_unknown(client):
    assert client.get("/known").json() == {"clinic": "south", "open": True}


def test_another_status(client):
    assert client.get("/known", headers={"x-clinic": "north"}).status_code == 201


def test_another_part(client):
    reply = client.get("/known", headers={"x-clinic": "north"})
    assert reply.json() == {"clinic": "none", "open": False}


def test_both(client):
    assert client.get("/both").json()["clinic"] == "left"


def test_overridden(client):
    app.dependency_overrides[bind_known] = lambda: None
    reply = client.get("/known", headers={"x-clinic": "north"})
    assert reply.json()["clinic"] == "north"


def test_nothing_sets_it(client):
    assert client.get("/free").json()["clinic"] == "south"
