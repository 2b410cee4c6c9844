"""What sets an address: text in a user file, the environment, or nothing.

We search for values, not names: a URL may come through settings, fixtures and helpers. The line
nearest to the failing lines wins; two equally near ones prove nothing.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from loopcheck.labels import Labels
from loopcheck.process.stores.unreachable import Address
from loopcheck.records import Place
from loopcheck.source import literals, modules, nearness, parsed_files
from loopcheck.source.nodes import nodes_of

LARGEST = 200_000  # characters of one file
MODULES = 2_000  # user modules to search for a text
BY_SCHEME = {  # ports that a URL may leave out
    **dict.fromkeys(("redis", "rediss", "valkey", "valkeys"), 6379),
    **dict.fromkeys(("postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg"), 5432),
    **dict.fromkeys(("mysql", "mysql+aiomysql", "mysql+asyncmy"), 3306),
    **dict.fromkeys(("http", "ws"), 80),
    **dict.fromkeys(("https", "wss"), 443),
    "amqp": 5672,
    "mongodb": 27017,
    "nats": 4222,
}
SETTINGS = (".env", ".env.test", "pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
SHOWN_BELOW = 10_000  # above it, a port that no line sets was most often chosen by the system


class Said(NamedTuple):
    """The line that sets an address."""

    place: Place
    by: Literal["text", "part", "variable"]  # part: a text with only the part that was wrong
    variable: str | None = None
    user: bool = False  # the line sets the user whose password was refused


def read(address: Address, around: nearness.Near, labels: Labels) -> Said | None:
    """Return the line that sets *address*: a text, or a read of a variable that contains it."""
    if _made_for_another(address, around):
        return None  # a text elsewhere with the same number is unrelated
    needle = address.path or str(address.port)

    def fits(node: ast.Constant, given_to: str | None) -> int:
        return weigh(node, address, given_to)

    found = _nearest((needle, address.host or needle), fits, around, labels)
    if found is not None:
        return found[0]
    return (
        _of_variable(address, around, labels)
        or _of_settings(address, labels)
        or _of_fixture(address, around, labels)
        or _of_file_name(address, around, labels)
    )


def _made_for_another(address: Address, around: nearness.Near) -> bool:
    """Return whether the line that creates the client sets another port, as a number.

    Code that changes the port later does so in ways that a search for text does not find.
    """
    ports = [
        word.value.value
        for _, call in around.makers
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "port" and isinstance(word.value, ast.Constant)
    ]
    return bool(ports) and address.port is not None and str(address.port) not in map(str, ports)


def _of_file_name(address: Address, around: nearness.Near, labels: Labels) -> Said | None:
    """Return the line with the last part of a socket's path: `Path(folder, "relay.sock")`."""
    name = (address.path or "").rpartition("/")[2]

    def fits(node: ast.Constant, _: str | None) -> int:
        return int(type(node.value) is str and node.value.rpartition("/")[2] == name)

    found = _nearest((name,), fits, around, labels) if "." in name.strip(".") else None
    said = found[0] if found is not None else None
    return said._replace(by="part") if said is not None else None


def part(wanted: str, words: Sequence[str], around: nearness.Near, labels: Labels) -> Said | None:
    """Return the line that assigns a part of an address, *wanted*, to a name with one of *words*.

    The database, the user, the password: we compare the value, and do not keep it.
    """

    def fits(node: ast.Constant, given_to: str | None) -> int:
        text = str(node.value)
        called_so = any(word in (given_to or "").lower() for word in words)
        if text == wanted:
            return 3 if called_so else 1
        return 3 if "://" in text and wanted in _parts(text) else int(text == f"/{wanted}")

    found = _nearest((wanted,), fits, around, labels)
    said = found[0] if found is not None else None
    return said._replace(by="part") if said is not None else None


def _parts(url: str) -> tuple[str, ...]:
    """Return the user, the password, and the database or number of a URL."""
    found = re.match(r"[\w+.-]+://(?:([^:/@]*)(?::([^/@]*))?@)?[^/]*(?:/([^?]*))?", url)
    return tuple(one for one in found.groups() if one) if found else ()


Fits = Callable[[ast.Constant, str | None], int]


def _nearest(
    needles: Sequence[str], fits: Fits, around: nearness.Near, labels: Labels
) -> tuple[Said | None] | None:
    """Return the nearest text that fits, None in it if two are equally near."""
    files = list(_files())
    close = [file for file in files if around.has(file)]
    found = [*_texts(close, needles, fits, around)]
    if not any(
        rank <= nearness.WITHIN for rank, *_ in found
    ):  # otherwise no other file can have anything nearer
        far = (file for file in files if not around.has(file))
        found += _texts(far, needles, fits, around)
    found.sort(key=lambda one: one[:2])
    lines = {(file, line) for *rank, file, line in found if tuple(rank) == found[0][:2]}
    if len(lines) == 1:
        [(file, line)] = lines
        return (Said(Place(labels.file(file), line), "text"),)
    return (None,) if found else None


def _texts(
    files: Iterable[str], needles: Sequence[str], fits: Fits, around: nearness.Near
) -> Iterator[tuple[int, int, str, int]]:
    """Yield each text of *files* that fits: how near, how certain, file, line."""
    for file, module, lines in _modules(files, needles):
        for node, given_to, served in literals.on(module, lines):
            weight = 0 if served else fits(node, given_to)
            rank = around.rank(file, node, given_to) if weight else 0
            if weight and (rank <= nearness.WITHIN or not _elsewhere(file, node.lineno)):
                yield rank, -weight, file, node.lineno


def _elsewhere(file: str, line: int) -> bool:
    """Return whether *line* is in another test, or in a fixture that this test does not use."""
    return any(
        one.name.startswith("test")
        or any("fixture" in ast.unparse(each) for each in one.decorator_list)
        for one in parsed_files.enclosing(file, line)
    )


def _files() -> Iterator[str]:
    """Yield the files of user modules."""
    return islice(
        dict.fromkeys(file for space in modules.spaces() for file in space.files()), MODULES
    )


def _modules(
    files: Iterable[str], needles: Sequence[str]
) -> Iterator[tuple[str, ast.Module, tuple[int, ...]]]:
    """Yield those of *files* that contain one of *needles*, and the lines with it.

    Port 80 is not in 8080, nor database 1 in `utf_16`: most files have nothing to parse.
    """
    alone = re.compile("|".join(rf"(?<!\w){re.escape(needle)}(?!\w)" for needle in needles))
    for file in files:
        text = parsed_files.text(file)
        if len(text) >= LARGEST or not any(needle in text for needle in needles):
            continue
        lines = tuple(n for n, line in enumerate(text.split("\n"), 1) if alone.search(line))
        module = parsed_files.tree(file) if lines else None
        if module is not None:
            yield file, module, lines


def weigh(node: ast.Constant, address: Address, given_to: str | None) -> int:
    """Return how certainly *node* is *address*: 0 not at all, 3 if it is written in full."""
    value = node.value
    if address.path is not None:
        return 3 if type(value) is str and _has(value, address.path) else 0
    port = address.port or 0
    if type(value) is int:
        if value != port:
            return 0
        called_so = "port" in (given_to or "").lower()
        return 2 if called_so else int(port > 1_023)
    return _weigh_text(str(value), address.host or "", port, given_to)


def _weigh_text(text: str, host: str, port: int, given_to: str | None) -> int:
    whole = len(text) < 500 and "\n" not in text.strip()
    if not whole:
        return 0
    if re.search(rf"(?<![\w.-]){re.escape(host)}:{port}(?!\d)", text):
        return 3
    if re.search(rf"^:{port}(?!\d)|://[^/\s]*:{port}(?!\d)", text):
        return 3 if text.startswith(":") or _same_place(text, host) else 0
    url = re.match(r"([a-z][\w+.-]*)://(?:[^/\s@]*@)?([^/\s:@?]+)(?:[/?]|$)", text)
    if url and url[2] == host and BY_SCHEME.get(url[1]) == port:
        return 3
    if text == str(port):
        return 2 if "port" in (given_to or "").lower() else 1
    return 2 if text == host and _names_host(host, given_to) else 0


def _same_place(text: str, host: str) -> bool:
    """Return whether a URL's host is *host*, or both are this machine."""
    found = re.search(r"://(?:[^/\s@]*@)?(\[[^\]]*\]|[^/\s:@]*):\d", text)
    said = found[1].strip("[]") if found else ""
    local = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "")
    return said == host or (said in local and host in local)


def _names_host(host: str, given_to: str | None) -> bool:
    said = (given_to or "").lower()
    local = host in ("localhost", "127.0.0.1", "::1")
    return not local and ("host" in said or "server" in said or "." in host or "-" in host)


def _has(text: str, path: str) -> bool:
    folder = path.rpartition("/")[0]
    return (
        text == path
        or f"/{text.lstrip('/')}" == path
        or path in text
        or (len(folder) > 4 and folder in text and path.rpartition("/")[2].startswith(".s.PGSQL"))
    )


# Addresses that no Python file contains


def _of_variable(address: Address, around: nearness.Near, labels: Labels) -> Said | None:
    """Return the line that reads an environment variable with the address."""
    names = [name for name, value in os.environ.items() if _says(value, address, name)]
    found: list[tuple[int, str, int, str]] = []
    for file, module, lines in _modules(_files(), names) if names else ():
        for node, given_to, _ in literals.on(module, lines):
            if node.value in names:
                rank = around.rank(file, node, given_to)
                found.append((rank, file, node.lineno, str(node.value)))
    best = sorted(found)[:1]
    if len({one[:3] for one in found if one[0] == best[0][0]} if best else ()) != 1:
        return None
    [(_, file, line, name)] = best
    return Said(Place(labels.file(file), line), "variable", name)


def _of_fixture(address: Address, around: nearness.Near, labels: Labels) -> Said | None:
    """Return the line of the only fixture that builds the address, for example from a port."""
    found = {
        (file, node.lineno)
        for file, block, value in around.built
        if weigh(ast.Constant(value), address, None) == 3
        for node in nodes_of(ast.JoinedStr, block)
        if any(isinstance(one, ast.Constant) and ":" in str(one.value) for one in node.values)
    }
    if len(found) != 1:
        return None
    [(file, line)] = found
    return Said(Place(labels.file(file), line), "part")


def _of_settings(address: Address, labels: Labels) -> Said | None:
    """Return the line of a settings file in the run's root that has the address."""
    found = []
    for name in SETTINGS:
        path = Path(labels.root, name)
        try:
            lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        except (OSError, ValueError):
            continue
        for number, line in enumerate(lines[:2_000], 1):
            key, _, value = line.partition("=")
            if value and _says(value.strip().strip("'\""), address, key):
                found.append(Said(Place(name, number), "text"))
    return found[0] if len(found) == 1 else None


def _says(value: str, address: Address, name: str) -> bool:
    return weigh(ast.Constant(value), address, name.strip()) >= 2 and _weighty(value, address)


def _weighty(value: str, address: Address) -> bool:
    """A bare number or name in the environment is seldom meant for this."""
    return value != address.host or len(value) > 5


def written(address: Address, said: Said | None, default: bool) -> str:
    """Return *address* for a reader. A port that the system chose differs each time: left out."""
    if address.path is not None:
        return address.path
    host = f"[{address.host}]" if ":" in str(address.host) else str(address.host)
    written_down = said is not None and said.by == "text"
    chosen = default or written_down or (address.port or 0) < SHOWN_BELOW
    return f"{host}:{address.port}" if chosen else host
