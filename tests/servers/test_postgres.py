"""PostgreSQL as an owner uses it: in a block, in an async block, with and without a folder."""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from loopcheck import servers
from loopcheck.servers import _binary

from ._owners import all_gone, gone, memory, parent

pytestmark = pytest.mark.skipif(
    _binary.find_postgres() is None or sys.platform == "win32", reason="no PostgreSQL runs here"
)


async def ask(url: str, query: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def test_an_async_block_has_a_server_that_answers_asyncpg() -> None:
    async def use() -> None:
        async with servers.postgres() as server:
            assert (server.kind, server.notice) == ("postgresql", "")
            assert server.url.endswith(f"@127.0.0.1:{server.port}/postgres")
            assert await ask(server.url, "SELECT 6 * 7") == 42
        with pytest.raises(OSError, match="Connect call failed"):
            await ask(server.url, "SELECT 1")

    asyncio.run(use())


def test_a_block_has_a_server_for_sqlalchemy() -> None:
    async def use(url: str) -> None:
        engine = create_async_engine(url.replace("postgresql", "postgresql+asyncpg"))
        async with engine.begin() as connection:
            assert (await connection.execute(text("SELECT 6 * 7"))).scalar() == 42
        await engine.dispose()

    with servers.postgres() as server:
        asyncio.run(use(server.url))


def test_a_server_is_the_same_on_every_machine() -> None:
    """Its language, zone and encoding: what a lesson shows must not depend on them."""
    with servers.postgres() as server:
        for setting, value in (("TimeZone", "UTC"), ("lc_messages", "C")):
            assert asyncio.run(ask(server.url, f"SHOW {setting}")) == value
        assert asyncio.run(ask(server.url, "SELECT 'Grüße'")) == "Grüße"


def test_nothing_is_left_of_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with servers.postgres():
        assert list(tmp_path.iterdir())
        assert not list(tmp_path.rglob(".s.PGSQL*"))  # no socket that could stay
    assert not list(tmp_path.iterdir())
    if sys.platform == "linux":
        assert all_gone(tmp_path)


def test_a_folder_keeps_its_tables_for_the_next_server(tmp_path: Path) -> None:
    with servers.postgres(folder=tmp_path / "data") as server:
        asyncio.run(ask(server.url, "CREATE TABLE kept AS SELECT 7 AS number"))
        first = server.url
    with servers.postgres(folder=tmp_path / "data") as server:
        assert asyncio.run(ask(server.url, "SELECT number FROM kept")) == 7
        assert server.url.split("@")[0] != first.split("@")[0]  # a password for each


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_folder_outlives_a_killed_guard(tmp_path: Path) -> None:
    with servers.postgres(folder=tmp_path / "data") as server:
        asyncio.run(ask(server.url, "CREATE TABLE kept AS SELECT 7 AS number"))
        os.kill(parent(server.pid), 9)
        assert gone(server.pid)
    with servers.postgres(folder=tmp_path / "data") as server:
        assert asyncio.run(ask(server.url, "SELECT number FROM kept")) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_folder_whose_server_was_killed_can_be_used_again(tmp_path: Path) -> None:
    before = memory()
    with servers.postgres(folder=tmp_path / "data") as server:
        asyncio.run(ask(server.url, "CREATE TABLE kept AS SELECT 7 AS number"))
        os.kill(server.pid, 9)
        with servers.postgres(folder=tmp_path / "data") as another:
            assert asyncio.run(ask(another.url, "SELECT number FROM kept")) == 7
        assert not server.alive
    assert memory() <= before


def test_nobody_gets_in_without_the_password() -> None:
    with servers.postgres() as server:
        stranger = server.url.replace(server.url.split(":")[2].split("@")[0], "guessed")
        with pytest.raises(asyncpg.InvalidPasswordError):
            asyncio.run(ask(stranger, "SELECT 1"))


def test_a_shown_server_tells_no_password_and_no_port() -> None:
    with servers.postgres() as server:
        assert repr(server) == "<postgresql server, running>"


def test_a_server_costs_no_more_than_half_as_much_again_as_making_its_folder() -> None:
    """Making the folder, as anybody's first server has to, is nearly all that a start costs.

    Processor time, each beside the other: seconds would say how busy this machine is.
    """
    shares: list[float] = []
    while len(shares) < 3 and not any(share < 1.5 for share in shares):
        begin = _processor_time()
        with servers.postgres():
            pass
        between = _processor_time()  # all of its processes have ended by now
        _make_a_folder_by_hand()
        shares.append((between - begin) / (_processor_time() - between))
    assert min(shares) < 1.5, shares


def _processor_time() -> float:
    return os.times().children_user + os.times().children_system


def _make_a_folder_by_hand() -> None:
    initdb = Path(_binary.find_postgres() or "").with_name("initdb")
    user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to be root
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        argv = [str(initdb), "-D", f"{folder}/data", "--no-sync"]
        subprocess.run(argv, check=True, capture_output=True, user=user)


def test_settings_of_the_environment_do_not_reach_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    with servers.postgres() as server:
        server.check()


def test_a_server_that_was_not_started_says_how() -> None:
    with pytest.raises(AttributeError, match="Use `async with postgres\\(\\) as server:`"):
        _ = servers.postgres().url


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="is not root")
def test_root_needs_no_folder_that_others_can_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL runs as `nobody` then, who may read what root may read."""
    locked = tmp_path / "locked"
    locked.mkdir(0o700)
    monkeypatch.setattr("tempfile.tempdir", str(locked))
    with servers.postgres() as server:
        server.check()
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
