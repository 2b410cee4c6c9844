"""What an owner orders from its guard."""

import json
from typing import NamedTuple

CAPTIVE = "root cannot become another user here"
Step = tuple[list[str], str]  # what to run, and what it reads


class Order(NamedTuple):
    """A server, described without knowledge of its kind. `{port}` is replaced by the port."""

    owner: int
    argv: list[str]
    feed: str  # sent by pipe: it holds passwords, and no other process can read it there
    ready: str  # its log line when ready
    ports: list[int]  # it takes the first free one
    folder: str
    ends: list[int]  # signals that end it, before SIGKILL
    dies_by: int  # the signal for a server without a guard
    lasting: bool = False  # it needs its folder while it runs
    kept: bool = False  # the folder belongs to the owner
    mark: str = ""  # a file that marks a folder of this kind of server
    never_root: bool = False
    fresh: list[Step] = []  # what runs before it in an empty folder  # noqa: RUF012
    again: list[Step] = []  # and in any other  # noqa: RUF012
    by_kernel: bool = True  # what ends a server whose guard was killed
    by_deputy: bool = False

    def to_line(self) -> bytes:
        return json.dumps(self._asdict()).encode() + b"\n"


def from_line(line: bytes) -> Order:
    """Return the order in *line*, which is JSON."""
    return Order(**json.loads(line))


class Refused(Exception):
    """The server did not start."""

    def __init__(self, **words: object) -> None:
        super().__init__()
        self.words = words

    @classmethod
    def by_system(cls, error: OSError, **words: object) -> "Refused":
        return cls(refused=error.strerror, errno=error.errno, file=error.filename, **words)
