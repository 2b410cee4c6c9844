"""The source texts of a project, read when a change needs them."""

from __future__ import annotations

import hashlib
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from loopcheck.records import Place
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source

LARGEST = 1_000_000  # bytes: a larger file is data
MOST_FILES = 2_000  # of a project, to search for callers
NOT_SEARCHED = re.compile(r"^(\.|__pycache__|venv|node_modules|site-packages|build|dist$)")


class Sources:
    """The files of a project, read when a change needs them."""

    def __init__(self, root: str, find: Callable[[str], str | None] | None = None) -> None:
        self.root = Path(root)
        self._find = find or (lambda shown: str(self.root / shown))
        self._opened: dict[str, Source | None] = {}
        self._data: dict[str, bytes] = {}  # of the files that were searched

    def open(self, shown: str) -> Source:
        """Return the file that places call *shown*."""
        if shown not in self._opened:
            self._opened[shown] = self._read(shown)
        found = self._opened[shown]
        if found is None:
            raise NoSplice(f"{shown} can't be read")
        return found

    def at(self, place: Place | None) -> tuple[Source, int]:
        """Return the file of *place*, and its line."""
        if place is None:
            raise NoSplice("the line to change is not known")
        return self.open(place.file), place.line

    def _read(self, shown: str) -> Source | None:
        data = self._bytes(shown)
        if not data:
            return None
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            text = data.decode(encoding)
        except (UnicodeDecodeError, SyntaxError, LookupError):
            return None
        return Source(shown, text, hashlib.sha256(data).hexdigest())

    def _bytes(self, shown: str) -> bytes:
        """Return what the file holds, nothing if it can't be read or is too large."""
        if shown not in self._data:
            name = self._find(shown)
            data = b""
            with suppress(OSError):
                if name is not None:
                    with open(name, "rb") as file:
                        data = file.read(LARGEST + 1)
            self._data[shown] = data if len(data) <= LARGEST else b""
        return self._data[shown]

    def forget_trees(self) -> None:
        """Keep the texts alone; a later change parses again."""
        for one in self._opened.values():
            if one is not None:
                one.forget_tree()

    def digests(self, files: Iterable[str]) -> dict[str, str]:
        """Return the SHA-256 of *files*, as they were when they were read."""
        opened = {file: self._opened.get(file) for file in files}
        return {file: one.digest for file, one in opened.items() if one is not None}

    def python_files(self) -> list[str]:
        """Return the Python files of the project, as places call them."""
        return self._python_files

    @cached_property
    def _python_files(self) -> list[str]:
        found: list[str] = []
        todo = [self.root]
        while todo and len(found) < MOST_FILES:
            folder = todo.pop()
            with suppress(OSError):
                for one in sorted(folder.iterdir()):
                    if one.is_dir() and not one.is_symlink() and not NOT_SEARCHED.match(one.name):
                        if not (one / "pyvenv.cfg").exists():
                            todo.append(one)
                    elif one.suffix == ".py":
                        found.append(one.relative_to(self.root).as_posix())
        return sorted(found)

    def naming(self, word: str) -> Iterator[Source]:
        """Yield the Python files whose text has *word* in it."""
        wanted = word.encode("utf-8", "surrogatepass")
        for file in self.python_files():
            if wanted in self._bytes(file):
                with suppress(NoSplice):
                    yield self.open(file)
