"""The edits of LC202: await the call; what is plain around it becomes async; a keyword."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc202_never_awaited import keyword_edits
from loopcheck.records import Edits
from loopcheck.source.changes.async_conversion import await_in_place, make_wrapper_async
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import names_in

TAKERS = frozenset(
    [
        "run",
        "run_until_complete",
        "run_coroutine_threadsafe",
        "create_task",
        "ensure_future",
        "gather",
        "wait",
        "wait_for",
        "shield",
        "start_soon",
        "spawn",
    ]
)
XUNIT = {"setUp": "asyncSetUp", "tearDown": "asyncTearDown"}


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the `await` at the line to change or in a wrapper, or the name that unittest awaits."""
    source, line = sources.at(finding.where)
    if finding.remedy == ("rename",):
        yield _renamed(source, line)
    elif finding.remedy == ("fixture",):
        yield _as_fixture(source, line)
    elif finding.remedy[:1] == ("wrapper",):
        changes = make_wrapper_async(sources, finding.remedy[1])
        yield Edits(changes=tuple(changes), safe=True, words="await the call in the wrapper")
    elif finding.remedy[:1] == ("keyword",):
        yield keyword_edits.edits(source, line, *finding.remedy[1:])
    elif finding.remedy == ("await",):
        calls = _calls(source, line, finding)
        if any(_takes_coroutine(outer, sources) for one in calls for outer in _takers(source, one)):
            raise NoSplice("what it is passed to awaits it")
        changes = [change for one in calls for change in await_in_place(source, one, sources)]
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
        if any(name and name.rpartition(".")[2] in names_in(value) for name in names):
            raise NoSplice("another function calls it: `map(save, names)`")
        return [value]
    raise NoSplice("no call of it at that line")


def _takers(source: Source, made: ast.Call) -> Iterator[ast.Call]:
    """Yield the calls that get the coroutine as an argument: at once, or by its name."""
    match source.parents(made)[:1]:
        case [ast.Call() as outer] if made in outer.args:
            yield outer
        case [ast.Assign(targets=[ast.Name(id=name)])]:
            around = source.function_of(made)
            for node in source.nodes():
                if not isinstance(node, ast.Call) or source.function_of(node) is not around:
                    continue
                if any(isinstance(one, ast.Name) and one.id == name for one in node.args):
                    yield node


def _takes_coroutine(call: ast.Call, sources: Sources) -> bool:
    """True if *call* runs or awaits its argument: asyncio's functions, or one of the project."""
    name = called_name(call)
    if name is None or name in TAKERS:
        return name is not None
    return any(
        _awaits_parameter(source, one)
        for source in sources.naming(f"def {name}")
        for one in source.functions(name)
    )


def _awaits_parameter(source: Source, function: Def) -> bool:
    given = {one.arg for one in (*function.args.posonlyargs, *function.args.args)}
    for node in source.nodes():
        if source.function_of(node) is not function:
            continue
        match node:
            case ast.Await(value=ast.Name(id=name)) if name in given:
                return True
            case ast.Call(args=[ast.Name(id=name), *_]) if name in given:
                if called_name(node) in TAKERS:
                    return True
    return False


def _as_fixture(source: Source, line: int) -> Edits:
    """Return the set-up or teardown of pytest as a fixture of pytest-asyncio."""
    function = source.statement_at(line)
    if not isinstance(function, Def) or source.decorator(function, "staticmethod"):
        raise NoSplice("a fixture is no static method")
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
