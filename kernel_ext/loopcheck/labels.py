"""Stable names for live objects, in the order first seen. Never an address, never a pid."""

from __future__ import annotations

import os
import re
import sys
import threading
import weakref
from pathlib import PurePath

LOCK = threading.RLock()  # shared by labels, ledger and journal: each look sees a consistent state

if hasattr(os, "register_at_fork"):  # the child has no thread that could release a held lock
    os.register_at_fork(after_in_child=LOCK._at_fork_reinit)  # type: ignore[attr-defined]

CELLS: dict[str, int] = {}  # cells that a magic ran, by file name: the magics fill it in


def cells() -> dict[str, int]:
    """Return the cells of this kernel, by the file names in their code objects."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    kept = getattr(getattr(shell, "compile", None), "_filename_map", None)
    return {**(kept if isinstance(kept, dict) else {}), **CELLS}


# Patterns, not compiled: most runs need none of them, and compiling one takes 0.3 milliseconds.
CELL = r"ipykernel_\d+[/\\]\d+\.py$|^<ipython-input-(\d+)-"
IPYTEST = r"\bt_[0-9a-f]{32}\.py\b"

ADDRESS = r" at 0x[0-9a-fA-F]+|\b0x[0-9a-fA-F]{6,}"
SECRET_WORDS = "password|passwd|secret|token|api[_-]?key"  # of names, without case
# Each part begins with fixed letters and has an end: a search reads a long text only once.
SECRET = (
    r"(?i)(?P<url>(?<=[\w+.-])://[^\s/@:'\"]{0,200}:)[^\s@'\"]{1,4000}+(?=@)"
    r"|(?P<head>\b(?:authorization|(?:set-)?cookie)['\"]?\s*:\s*)[^\n]+"
    rf"|(?P<key>(?:{SECRET_WORDS})[\w-]{{0,60}}['\"]?\s*[=:]\s*)"
    r"(?:'[^']*'|\"[^\"]*\"|[^\s,;)&'\"]+)"
)


def plain(text: str) -> str:
    """Return *text* without addresses and without what looks like a password or a token."""
    return re.sub(ADDRESS, "", re.sub(IPYTEST, "cell", masked(text)))


def masked(text: str) -> str:
    """Return *text* without what looks like a password or a token."""
    return re.sub(SECRET, lambda it: f"{it['url'] or it['head'] or it['key']}***", text)


def parameters_masked(name: str) -> str:
    """Return the *name* of a test without secrets in its parameters."""
    head, opened, rest = name.partition("[")
    if not opened:
        return name
    given, closed, tail = rest.rpartition("]")
    return f"{head}[{masked(given)}]{tail}" if closed else f"{head}[{masked(rest)}"


class Labels:
    """Names for objects of one run: `loop 1`, `loop 2`, and files as the user knows them."""

    def __init__(self, root: str, cells: dict[str, int] | None = None) -> None:
        self.root = PurePath(root)
        self.cells = cells if cells is not None else {}  # file name of a cell: its number
        self._seen: dict[str, list[weakref.ref[object]]] = {}
        self._files: dict[str, str] = {}  # without numbered cells: a long traceback has a few files
        self._named: dict[str, str | None] = {}  # by what is shown; None: several files share it

    def of(self, kind: str, thing: object) -> str:
        """Return the label of *thing*, the next free number if it has none yet."""
        with LOCK:
            seen = self._seen.setdefault(kind, [])
            for number, ref in enumerate(seen, 1):
                if ref() is thing:  # never by id(): addresses are reused
                    return f"{kind} {number}"
            seen.append(weakref.ref(thing))
            return f"{kind} {len(seen)}"

    def seen(self) -> dict[str, list[weakref.ref[object]]]:
        """Return the objects labelled so far, for `take_back`."""
        with LOCK:
            return {kind: list(refs) for kind, refs in self._seen.items()}

    def take_back(self, seen: dict[str, list[weakref.ref[object]]]) -> None:
        """Forget the labels given since *seen*: the next object gets their number."""
        with LOCK:
            self._seen = {kind: list(refs) for kind, refs in seen.items()}

    def file(self, filename: str) -> str:
        """Return *filename* as pytest would show it: posix, from the root; cells by number."""
        if filename in self.cells:
            shown = f"cell {self.cells[filename]}"
            self._named[shown] = filename  # a magic runs its part of a cell later than the cell
            return shown
        known = self._files.get(filename)
        if known is None:
            known = self._files[filename] = self._shown(filename)
            self._named[known] = None if known in self._named else filename
        return known

    def filename(self, shown: str) -> str | None:
        """Return the file that is *shown* so, None if that is not known."""
        if shown in self._named:
            return self._named[shown]
        return None if re.match("cell( |$)", shown) else str(self.root / shown)

    def _shown(self, filename: str) -> str:
        if re.search(CELL, filename):
            return "cell"
        try:
            return PurePath(filename).relative_to(self.root).as_posix()
        except ValueError:
            return PurePath(filename).as_posix()

    def node(self, nodeid: str) -> str:
        """Return *nodeid* without what ipytest adds for a cell, and without secrets.

        pytest builds ids from parameters: a store's address with its password may be one.
        """
        return parameters_masked(re.sub(IPYTEST, "cell", nodeid))
