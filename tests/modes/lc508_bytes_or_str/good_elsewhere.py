"""Bytes and text that no store has to do with, in tests that have a client."""

import json

import fakeredis
import httpx
import pytest


class Codec:
    def pack(self, value):
        return json.dumps(value).encode()


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def client():
    return fakeredis.FakeRedis()


@pytest.fixture
def codec():
    return Codec()


def test_packed(client, codec):
    client.set("packed", codec.pack("tea"))
    assert codec.pack("tea") == '"tea"'


@pytest.mark.asyncio
async def test_a_body(client):
    client.set("body", "ok")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        response = await http.get("http://app/")
    assert response.content == "ok"


def test_a_file(client, tmp_path):
    path = tmp_path / "name"
    path.write_text("ada")
    client.set("name", path.read_text())
    assert path.read_bytes() == "ada"


def test_headers(client):
    headers = {b"host": b"app"}
    client.hset("headers", mapping=headers)
    assert headers["host"] == "app"


def test_text_and_bytes_of_the_test_itself():
    name = "ada"
    assert name == b"ada"
