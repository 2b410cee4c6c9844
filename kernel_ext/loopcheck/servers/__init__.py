"""Real servers for lessons and tests, embedded and guarded: they live as long as their owner.

Importing this module imports no server and no client library; the first start does.
`LOOPCHECK_SERVER=fake` in the environment selects fakeredis and SQLite even where real servers
could run. `loopcheck.servers.faults` makes a server fail on demand.
"""

from __future__ import annotations

from loopcheck.servers._errors import ServerError
from loopcheck.servers._server import Server
from loopcheck.servers._serving import Serving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Server", "ServerError", "postgres", "start_postgres", "start_valkey", "valkey"]


def valkey(*, port: int | None = None, quiet: bool = False) -> Serving:
    """Return a Valkey server for the length of a `with` or an `async with` block.

    Without *port* it picks a free one. If it has to use fakeredis, it prints one line, unless
    *quiet*.
    """
    return Serving("valkey", lambda: start_valkey(port=port, quiet=quiet))


def start_valkey(*, port: int | None = None, quiet: bool = False) -> Server:
    """Return a running Valkey server. It lives until its `stop()`, or as long as this process."""
    from loopcheck.servers import _start  # late: only needed now

    return _start.start_valkey(port=port, quiet=quiet)


def postgres(
    *, port: int | None = None, folder: str | Path | None = None, quiet: bool = False
) -> Serving:
    """Return a PostgreSQL server for the length of a `with` or an `async with` block.

    Its data are removed with it, unless *folder* keeps them for the next one. SQLAlchemy needs
    `postgresql+asyncpg` where `url` has `postgresql`. If it has to use SQLite, it prints one line,
    unless *quiet*.
    """
    return Serving("postgres", lambda: start_postgres(port=port, folder=folder, quiet=quiet))


def start_postgres(
    *, port: int | None = None, folder: str | Path | None = None, quiet: bool = False
) -> Server:
    """Return a running PostgreSQL server. It lives until its `stop()`, or as this process."""
    from loopcheck.servers import _start

    return _start.start_postgres(port=port, folder=folder, quiet=quiet)
