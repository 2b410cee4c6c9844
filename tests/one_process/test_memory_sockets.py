"""Sockets and loops of one process, with real clients, on any platform."""

import asyncio
import socket
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import pytest
import valkey
import valkey.asyncio

from loopcheck.one_process import lone_loop, memory_sockets
from loopcheck.one_process.lone_loop import LoneLoop, NothingWakes
from loopcheck.servers._memory import Memory

connect: Any = valkey.from_url  # neither has types
connect_async: Any = valkey.asyncio.from_url


@pytest.fixture(autouse=True)
def in_memory() -> Iterator[None]:
    real = socket.socket
    with memory_sockets.in_use():
        yield
    assert socket.socket is real


@pytest.fixture
def server() -> Iterator[Memory]:
    server = Memory(None)
    yield server
    server.stop()


def test_a_client_that_blocks_gets_its_answers(server: Memory) -> None:
    with connect(server.url) as client:
        assert client.set("price", 3)
        assert client.get("price") == b"3"
        with pytest.raises(valkey.ResponseError, match="wrong kind of value"):
            client.lpush("price", 4)


def test_a_client_on_a_loop_gets_its_answers_and_messages(server: Memory) -> None:
    async def talk() -> list[object]:
        async with connect_async(server.url) as client, client.pubsub() as hears:
            await hears.subscribe("news")
            await hears.get_message(timeout=1)
            await client.publish("news", "rain")
            told = await hears.get_message(timeout=1)
            return [await client.incr("count"), told["data"] if told else None]

    with asyncio.Runner(loop_factory=LoneLoop) as runner:
        assert runner.run(talk()) == [1, b"rain"]


def test_nothing_listens_where_a_server_has_stopped(server: Memory) -> None:
    server.stop()
    with pytest.raises(valkey.ConnectionError, match="refused"), connect(server.url) as one:
        one.ping()


def test_asyncios_own_server_and_client_meet_in_memory() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        writer.close()

    async def talk() -> tuple[bytes, bytes]:
        async with await asyncio.start_server(echo, "localhost") as server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("localhost", port)
            writer.write(b"hello\n")
            answer = await reader.readline(), await reader.read()
            writer.close()
            await writer.wait_closed()
            return answer

    with asyncio.Runner(loop_factory=LoneLoop) as runner:
        assert runner.run(talk()) == (b"hello\n", b"")


def test_a_server_needs_no_option_that_the_platform_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "SO_REUSEADDR", raising=False)

    async def serve() -> int:
        async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:
            return int(server.sockets[0].getsockname()[1])

    with memory_sockets.in_use(), asyncio.Runner(loop_factory=LoneLoop) as runner:
        assert runner.run(serve()) > 0
    assert not hasattr(socket, "SO_REUSEADDR")


def test_a_loop_that_nothing_can_wake_says_so_at_once() -> None:
    with (
        pytest.raises(NothingWakes, match="nothing in this process can wake it"),
        asyncio.Runner(loop_factory=LoneLoop) as runner,
    ):
        runner.run(asyncio.Event().wait())


def test_code_for_a_thread_runs_in_a_turn_of_the_loop() -> None:
    language = ContextVar("language", default="none")

    async def greet() -> str:
        return language.get()

    async def talk() -> tuple[str, str, str]:
        language.set("Welsh")
        alone = await asyncio.get_running_loop().run_in_executor(None, language.get)
        found = await asyncio.to_thread(lambda: asyncio.run(greet()))
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 / 0)
        return found, await greet(), alone  # a thread begins without a context

    with lone_loop.in_use():
        assert asyncio.run(talk()) == ("Welsh", "Welsh", "none")


def test_a_running_loop_stands_aside_and_is_back_with_its_task() -> None:
    async def outer() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        with lone_loop.in_use():
            assert asyncio.run(asyncio.sleep(0, "inner")) == "inner"
        assert (asyncio.get_running_loop(), asyncio.current_task()) == (loop, task)
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=LoneLoop) as runner:
        runner.run(outer())
