"""The fixture's mock is the repository itself, and FastAPI takes it for the provider."""

# name: get_repo

from unittest.mock import AsyncMock

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


def get_repo():
    raise RuntimeError("no database in tests")


@app.get("/books/{isbn}")
async def read(isbn: str, repo=Depends(get_repo)):
    return {"title": await repo.find(isbn)}


@pytest.fixture
def repo():
    return AsyncMock()


def test_the_title_is_read(repo):
    repo.find.return_value = "Momo"
    app.dependency_overrides[get_repo] = repo  # LC408
    assert TestClient(app).get("/books/7").json() == {"title": "Momo"}
