"""The differences between the servers that a guard can run."""

from typing import NamedTuple, Protocol

from loopcheck.servers._server import Kind
from loopcheck.servers.guard.order import Order


class Wish(NamedTuple):
    """An owner's request, and the values picked for it."""

    binary: str
    folder: str
    kept: bool
    ports: list[int]
    password: str


class Recipe(Protocol):
    """How to find, run, query and connect to one kind of server."""

    kind: Kind
    name: str
    call: str  # the path as written
    wheel: str
    stand_in: str
    starts_within: float  # seconds

    def order(self, wish: Wish) -> Order:
        """Return the order for the guard."""
        ...

    def url(self, port: int, password: str) -> str:
        """Return the address for client libraries."""
        ...

    def ping(self, port: int, password: str) -> None:
        """Raise `OSError` unless the server on *port* accepts *password* and answers."""
        ...

    def why_refused(self, said: str, wish: Wish) -> str:
        """Return the meaning of the server's last log lines, and what to change; "" if unknown."""
        ...
