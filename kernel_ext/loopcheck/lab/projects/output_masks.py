"""Masks for words that depend on the machine or the Python version: lessons store outputs."""

import os
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path

Change = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

WIDEST = 100  # characters of a failure's message in one line
LONG_REPR = re.compile(r"<[^<>]{25,}>")
SUGGESTED = re.compile(r"\. Did you mean: .*\?$")  # by pytest, from 3.12 on


def library_roots() -> tuple[str, ...]:
    """Return the folders that hold the standard library and installed packages, longest first."""
    paths = sysconfig.get_paths()
    roots = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    roots |= {entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    roots.add(str(Path(__file__).parents[3]))  # loopcheck's own, also if it is installed editable
    roots |= {os.path.realpath(root) for root in roots}
    return tuple(sorted(roots, key=lambda root: (-len(root), root)))


ROOTS = library_roots()
_ROOT = f"(?:{'|'.join(map(re.escape, ROOTS))})"
# pytest writes paths relative to the run's folder: how often they go up differs by machine
_UP = r"(?:(?:\.\.[\\/])*\.\.)?"
_PACKAGES = r"(?:site|dist)-packages"
_ASIDE = rf"(?:\.\.[\\/])+(?:[\w.+-]+[\\/])*?(?:{_PACKAGES}|python3\.\d+(?![\\/]{_PACKAGES}))"


def in_library(path: str) -> str | None:
    """Return *path* as a library path, `asyncio/queues.py`; None if it is not a library's."""
    if path.startswith("<frozen "):  # importlib's own frames
        return path.removeprefix("<frozen ").rstrip(">").replace(".", "/") + ".py"
    for root in ROOTS:
        if path.startswith(root + os.sep):
            return path[len(root) + 1 :].replace(os.sep, "/")
    return None


def _library(match: re.Match[str]) -> str:
    return match["file"].replace("\\", "/") + ('"' if match["quote"] else "")


# Order matters: paths first, since a folder's name may contain any of the later things.
CHANGES: tuple[Change, ...] = (
    (
        re.compile(
            rf"(?:{_UP}{_ROOT}|{_ASIDE})"
            r'[\\/](?P<file>[\w.\\/-]+\.pyx?)(?:(?P<quote>", line )\d+|:\d+)?'
        ),
        _library,
    ),
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    # below a line of a traceback: 3.13 draws them differently, and so does an exiting Python
    (re.compile(r"(?m)^[ \t|]+~*\^+~*\n"), ""),
    (re.compile(r"(?m)^<sys>:0: "), "sys:1: "),  # a warning without a line, as 3.13 prints it
    (re.compile(r"\bt_[0-9a-f]{32}\.py::"), ""),  # the module that ipytest makes for a cell
    (re.compile(r"\bt_[0-9a-f]{32}(?:\.py)?\b"), "cell"),
    (re.compile(r"<ipython-input-(\d+)-[0-9a-f]+>"), r"cell \1"),
    (re.compile(r"[^\s'\"(<]{0,200}ipykernel_\d+[\\/]\d+\.py"), "cell"),
    (re.compile(r"\b0x[0-9a-fA-F]+"), "0x…"),
    (re.compile(r"\b(Task|Thread)-\d+"), r"\1-N"),
    (re.compile(r"\bid='\d{6,}'"), "id='…'"),
    (
        re.compile(
            r"(\b\d+ (?:passed|failed|errors?|skipped|deselected|x?failed|xpassed|warnings?)"
            r"|\bno tests (?:ran|collected)) in \d+\.\d+s(?: \(\d+:\d\d:\d\d\))?"
        ),
        r"\1",
    ),
)


def mask(text: str, folders: Iterable[str] = ()) -> str:
    """Return *text* without addresses, durations, machine paths and running numbers.

    *folders* are left out of paths, so that files in them read as their author wrote them.
    """
    for folder in folders:
        text = text.replace(folder + os.sep, "")
    for pattern, instead in CHANGES:
        text = pattern.sub(instead, text)
    return text


def last_error(output: str) -> str:
    """Return the last line of *output* that speaks of an error."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "rror" in line]
    return (errors or lines or ["pytest printed nothing"])[-1]


def one_line(words: str) -> str:
    """Return the first line of a failure's message, masked and short."""
    first = mask(words).splitlines()[0].removeprefix("E  ").strip() if words else ""
    first = SUGGESTED.sub("", first)
    while found := LONG_REPR.search(first):  # innermost first: a task's repr holds its coroutine's
        first = first.replace(found[0], "…")
    return first if len(first) <= WIDEST else f"{first[: WIDEST - 1]}…"
