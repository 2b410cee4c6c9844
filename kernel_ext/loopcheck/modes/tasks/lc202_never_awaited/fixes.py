"""The edits of LC202: await the call; what is plain around it becomes async."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.async_conversion import await_in_place
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

XUNIT = {"setUp": "asyncSetUp", "tearDown": "asyncTearDown"}


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the `await` at the line to change, or the name that unittest awaits."""
    source, line = sources.at(finding.where)
    if finding.remedy == ("rename",):
        yield _renamed(source, line)
    elif finding.remedy == ("fixture",):
        yield _as_fixture(source, line)
    elif finding.remedy == ("await",):
        changes = [
            change
            for call in _calls(source, line, finding)
            for change in await_in_place(source, call, sources)
        ]
        yield Edits(changes=tuple(changes), safe=True, words="await the call")


def _calls(source: Source, line: int, finding: Finding) -> list[ast.Call]:
    """Return the calls at the line that made the coroutine."""
    names = [
        finding.where.name if finding.where else None,
        finding.subject.name if finding.subject else None,
    ]
    for name in names:
        found = source.calls_at(line, name.rpartition(".")[2]) if name else []
        found = [one for one in found if not isinstance(source.parents(one)[0], ast.Await)]
        if found:
            return found
    statement = source.statement_at(line)
    value = getattr(statement, "value", None)
    if isinstance(statement, ast.Expr | ast.Assign | ast.Return) and isinstance(value, ast.Call):
        return [value]
    raise NoSplice("no call of it at that line")


def _as_fixture(source: Source, line: int) -> Edits:
    """Return the set-up or teardown of pytest as a fixture of pytest-asyncio."""
    function = source.statement_at(line)
    if not isinstance(function, Def) or source.decorator(function, "classmethod", "staticmethod"):
        raise NoSplice("a fixture is no class method")
    when, _, of = function.name.partition("_")
    scope = f', scope="{of}", loop_scope="{of}"' if of in ("class", "module") else ""
    name = source.named("pytest_asyncio")
    changes = [
        source.insert_before(function, f"@{name}.fixture(autouse=True{scope})"),
        *source.add_import("pytest_asyncio"),
    ]
    if when == "teardown":
        changes.append(source.insert_first(function, "yield"))
    return Edits(changes=tuple(changes), safe=True, words="turn it into an async fixture")


def _renamed(source: Source, line: int) -> Edits:
    function = source.statement_at(line)
    if not isinstance(function, Def) or function.name not in XUNIT:
        raise NoSplice("no set-up at that line")
    name = XUNIT[function.name]
    change = source.rename(function, name)
    return Edits(changes=(change,), safe=True, words=f"rename it to `{name}`")
