"""What differs between the servers that a guard can run."""

from typing import NamedTuple, Protocol

from loopcheck.servers._server import Kind
from loopcheck.servers.guard.order import Order


class Wish(NamedTuple):
    """What an owner asked for, and what was picked for it."""

    binary: str
    folder: str
    kept: bool
    ports: list[int]
    password: str


class Recipe(Protocol):
    """How one kind of server is found, run, asked and called."""

    kind: Kind
    name: str
    call: str  # what the user wrote
    wheel: str
    stand_in: str
    starts_within: float  # seconds

    def order(self, wish: Wish) -> Order:
        """Return what the guard has to do."""
        ...

    def url(self, port: int, password: str) -> str:
        """Return the address that client libraries read."""
        ...

    def ping(self, port: int, password: str) -> None:
        """Raise `OSError` unless what listens on *port* takes *password* and answers."""
        ...

    def why_refused(self, said: str, wish: Wish) -> str:
        """Return what the server's last words mean, and what to change; "" for not known."""
        ...
