"""Real servers for lessons and tests, embedded and guarded: they live as long as their owner.

Importing this module imports no server and no client library; the first start does.
`LOOPCHECK_SERVER=fake` in the environment asks for fakeredis where a real server could run.
"""

from loopcheck.servers._errors import ServerError
from loopcheck.servers._server import Server
from loopcheck.servers._serving import Serving

__all__ = ["Server", "ServerError", "start_valkey", "valkey"]


def valkey(*, port: int | None = None, quiet: bool = False) -> Serving:
    """Return a Valkey server for the length of a `with` or an `async with` block.

    Without *port* a free one is picked. Where fakeredis has to stand in, one line says so,
    unless *quiet*.
    """
    return Serving(lambda: start_valkey(port=port, quiet=quiet))


def start_valkey(*, port: int | None = None, quiet: bool = False) -> Server:
    """Return a running Valkey server. It lives until its `stop()`, or as long as this process."""
    from loopcheck.servers import _start  # late: what it imports is needed only now

    return _start.start(port=port, quiet=quiet)
