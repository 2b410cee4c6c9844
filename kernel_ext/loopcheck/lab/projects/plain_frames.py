"""A pytest plugin: library frames as `asyncio/queues.py: in get`, no address, no duration.

Their paths, line numbers and source differ by machine and by Python version; lessons store outputs.
"""

import os
import re
from collections.abc import Generator, Iterator, Sequence
from itertools import groupby
from typing import Any

import pytest
from _pytest._code.code import ExceptionRepr, ReprEntry, ReprFileLocation

from loopcheck.lab.projects import output_masks
from loopcheck.labels import CELLS

SHOWN = 3  # library frames in a row; of more, the first and the last
CARETS = re.compile(r"^[\s|]*[\^~]+$")  # 3.13 draws them where 3.11 does not
WITHIN = ("asyncio/taskgroups.py", "_aexit")  # newer Pythons split `__aexit__`
NATIVE = re.compile(r'^(?P<before>[\s|]*)File "(?P<path>.+?)", line \d+, in (?P<name>.+)$')
LOCATION = re.compile(r"^(?P<path>\S.*?):\d+: in (?P<name>.+)$")


class _PlainLocation(ReprFileLocation):
    def toterminal(self, tw: Any) -> None:
        tw.line(f"{self.path}: {self.message}")


class _Gap(ReprFileLocation):
    def toterminal(self, tw: Any) -> None:
        tw.line("…")


def _library(path: str) -> str | None:
    return output_masks.in_library(path) or output_masks.in_library(os.path.abspath(path))


def _plain_entry(entry: object) -> tuple[object, bool]:
    """Return *entry* as the report shows it, and whether it is a library's."""
    if not isinstance(entry, ReprEntry) or entry.reprfileloc is None:
        return entry, False
    entry.lines = [line for line in entry.lines if not CARETS.match(line)]
    name = _library(entry.reprfileloc.path)
    if name is None:
        return entry, False
    entry.lines = [line for line in entry.lines if line.startswith("E")]
    entry.reprfileloc = _PlainLocation(name, 0, entry.reprfileloc.message)
    return entry, True


def _shortened(entries: Sequence[object]) -> Iterator[object]:
    for library, group in groupby(map(_plain_entry, entries), key=lambda pair: pair[1]):
        shown = [entry for entry, _ in group]
        if library and len(shown) > SHOWN:
            gap = ReprEntry([], None, None, _Gap("", 0, ""), "short")
            shown = [shown[0], gap, shown[-1]]
        yield from shown


def _plain_text(text: str) -> str:
    """Return *text*, a traceback that pytest has already formatted, with plain frames."""
    lines, hidden = [], False
    for line in text.splitlines():
        if found := LOCATION.match(line):
            name = _library(found["path"])
            hidden = name is not None
            line = f"{name}: in {found['name']}" if name else line
        elif hidden and line.startswith("    "):
            continue
        if not CARETS.match(line):
            lines.append(line)
    return "\n".join(lines)


def _plain_native(text: str) -> str:
    """Return *text* with plain frames in Python's own tracebacks: groups, threads, warnings."""
    lines, hidden = [], 1_000
    for line in text.split("\n"):
        if found := NATIVE.match(line):
            name = _library(found["path"])
            hidden = len(found["before"]) if name else 1_000
            if (name, found["name"]) == WITHIN:
                continue
            line = f"{found['before']}{name}: in {found['name']}" if name else line
        elif len(line) - len(line.lstrip(" |")) > hidden:
            continue  # source of a library
        if not CARETS.match(line):
            lines.append(line)
    return "\n".join(lines)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make the frames of a failed test plain."""
    report = yield
    shown = report.longrepr
    if isinstance(shown, ExceptionRepr):
        if shown.reprcrash:  # masked before the summary cuts it to the width of a line
            shown.reprcrash.message = output_masks.mask(shown.reprcrash.message)
        tracebacks = [part[0] for part in getattr(shown, "chain", ())] or [shown.reprtraceback]
        for traceback in tracebacks:
            traceback.reprentries = list(_shortened(traceback.reprentries))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Make the frames of a file that cannot be collected plain."""
    report = yield
    text = getattr(report.longrepr, "longrepr", None)
    if isinstance(text, str):
        report.longrepr.longrepr = _plain_text(text)  # type: ignore[union-attr]
    return report


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Mask what pytest writes, from now to the end of this run."""
    if not config.pluginmanager.has_plugin("terminalreporter"):
        return
    writer = config.get_terminal_writer()
    write, cells = writer.write, {name: f"cell {number}" for name, number in CELLS.items()}
    folders = sorted({str(config.rootpath), os.path.realpath(config.rootpath)})

    def masked(msg: str, *, flush: bool = False, **markup: bool) -> None:
        msg = _plain_native(msg) if 'File "' in msg else msg
        for name, cell in cells.items():
            msg = msg.replace(name, cell)
        write(output_masks.mask(msg, folders), flush=flush, **markup)

    writer.write = masked  # type: ignore[method-assign]
