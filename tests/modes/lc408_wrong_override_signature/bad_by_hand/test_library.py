"""Overrides for which a class or a key would have to be chosen."""

# name: get_session
# findings: 3

from unittest.mock import AsyncMock

import pytest
from library import app, get_session

pytestmark = pytest.mark.asyncio


async def test_another_of_that_name(client):
    async def get_session():
        yield AsyncMock(scalar=AsyncMock(return_value="Persuasion"))

    app.dependency_overrides[get_session] = get_session  # LC408
    answer = await client.get("/book")
    assert answer.json() == {"title": "Persuasion"}


class Shelf:
    def __init__(self, books):
        self.books = books

    async def scalar(self):
        return self.books[0]


async def test_a_class(client):
    app.dependency_overrides[get_session] = Shelf  # LC408
    assert (await client.get("/book")).status_code == 200


async def test_a_class_whose_refusal_only_the_body_says(client):
    app.dependency_overrides[get_session] = Shelf  # LC408
    book = (await client.get("/book")).json()
    assert book["title"] == "Emma"
