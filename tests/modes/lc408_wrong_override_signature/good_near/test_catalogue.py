"""Overrides that are right, and requests that are not: 422 and 500 for other reasons."""

import pytest
from catalogue import app, get_store, page
from fastapi.testclient import TestClient


@pytest.fixture
def client():
    app.dependency_overrides[get_store] = lambda: {"emma": 1}
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_the_question_is_missing(client):
    def small(size: int):
        return min(size, 3)

    app.dependency_overrides[page] = small
    answer = client.get("/books")
    assert answer.status_code == 200


def test_the_book_is_a_list(client):
    answer = client.post("/books", json=["emma"])
    assert answer.status_code == 200, answer.text


def test_the_number_is_another(client):
    def small(size: int = 3):
        return size

    app.dependency_overrides[page] = small
    assert client.get("/books", params={"q": "emma"}).json() == {"found": 2, "size": 3}


def test_a_function_that_nobody_depends_on(client):
    def get_clock():
        return 0

    app.dependency_overrides[get_clock] = lambda: 1
    answer = client.post("/books", json={"title": None})
    assert answer.status_code == 200
