"""What an owner asks its guard for."""

import json
from typing import NamedTuple

CAPTIVE = "root may not become another user here"
Step = tuple[list[str], str]  # what to run, and what it reads


class Order(NamedTuple):
    """A server, in words that need no knowledge of it. `{port}` stands for the port."""

    owner: int
    argv: list[str]
    feed: str  # by pipe: passwords are in it, and nobody can read it there
    ready: str  # what its log says then
    ports: list[int]  # the first that is free
    folder: str
    ends: list[int]  # signals that end it, before SIGKILL
    dies_by: int  # the signal for a server without a guard
    lasting: bool = False  # it needs its folder while it runs
    kept: bool = False  # the folder is the user's
    mark: str = ""  # a file that tells a folder of such a server from others
    never_root: bool = False
    fresh: list[Step] = []  # what runs before it in an empty folder  # noqa: RUF012
    again: list[Step] = []  # and in any other  # noqa: RUF012
    by_kernel: bool = True  # who ends a server whose guard was killed
    by_deputy: bool = False

    def to_line(self) -> bytes:
        return json.dumps(self._asdict()).encode() + b"\n"


def from_line(line: bytes) -> Order:
    """Return the order that *line* of JSON gives."""
    return Order(**json.loads(line))


class Refused(Exception):
    """The server did not start."""

    def __init__(self, **words: object) -> None:
        super().__init__()
        self.words = words

    @classmethod
    def by_system(cls, error: OSError, **words: object) -> "Refused":
        return cls(refused=error.strerror, errno=error.errno, file=error.filename, **words)
