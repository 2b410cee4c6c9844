"""Whether processes live that a test has started, and when the last of them is gone."""

import os
import select
from pathlib import Path


class Sign:
    """A named pipe that a tree holds open: it ends when the last of its processes is gone."""

    def __init__(self, path: Path, bound: float) -> None:
        os.mkfifo(path)
        self.path, self.bound = path, bound  # seconds to wait for a sign
        self.end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self, count: int) -> bytes:
        """Return *count* signs of life, or fewer if all who could give them are gone."""
        found = b""
        while len(found) < count:
            ready, _, _ = select.select([self.end], [], [], self.bound)
            assert ready, "neither a sign of life nor the end of it"
            if not (chunk := os.read(self.end, count - len(found))):
                break
            found += chunk
        return found

    def silent(self) -> bool:
        """Return whether everybody goes."""
        return self.read(10) == b""
