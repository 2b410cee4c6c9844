"""The edits of LC507: the client itself, where something around it is passed on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.async_conversion import await_in_place
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, dotted
from loopcheck.source.changes.splices import Source

ASYNC = {
    "FakeRedis": "FakeAsyncRedis",
    "FakeStrictRedis": "FakeAsyncRedis",
    "Client": "AsyncClient",
}
WITH_ASYNCIO = ("valkey", "redis")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what passes the client on."""
    if finding.subject is None:
        return
    source, line = sources.at(finding.where)
    name = finding.subject.name
    what, *inside = finding.remedy
    if what == "inside":
        changes = [source.put_after(_passed(source, line, name), inside[0])]
        yield _way(changes, f"pass on `{name}{inside[0]}`")
    elif what == "awaited":
        thing = _passed(source, line, name)
        if not isinstance(source.function_of(thing), ast.AsyncFunctionDef):
            raise NoSplice("plain code can't await it")
        said = f"await {source.text_of(thing)}{inside[0]}"
        yield _way([source.in_place(thing, said)], f"pass on `{said}`")
    elif what == "await":
        yield _way(await_in_place(source, _made(source, line), sources), "await it")
    elif what == "call":
        thing = _passed(source, line, name)
        changes = [source.put_after(thing, "()")]
        if _is_async(sources, source.text_of(thing).rpartition(".")[2]):
            changes.append(source.put_before(thing, "await "))
        yield _way(changes, f"call `{source.text_of(thing)}`")
    elif what == "asyncio":
        yield _way(_async_client(source, line), "create the client of the asyncio module")


def _way(changes: list[Edit], words: str) -> Edits:
    return Edits(changes=tuple(changes), safe=True, words=words)


def _passed(source: Source, line: int, name: str) -> ast.expr:
    """Return the expression at *line* that passes the thing on, by its name if that is there."""
    statement = source.statement_at(line)
    value = getattr(statement, "value", None)
    value = value.value if isinstance(value, ast.Yield) else value
    found = [
        node
        for node in source.nodes_at(line)
        if isinstance(node, ast.Name | ast.Attribute) and source.text_of(node) == name
    ]
    if len(found) == 1:
        return found[0]
    if isinstance(value, ast.Name | ast.Attribute):
        return value
    calls = [value] if isinstance(value, ast.Call) else source.calls_at(line)
    given = [one for call in calls for one in (*call.args, *(k.value for k in call.keywords))]
    plain = [one for one in given if isinstance(one, ast.Name | ast.Attribute)]
    if len(plain) != 1:
        raise NoSplice("it is not clear what is passed on")
    return plain[0]


def _made(source: Source, line: int) -> ast.Call:
    value = getattr(source.statement_at(line), "value", None)
    value = value.value if isinstance(value, ast.Yield) else value
    if isinstance(value, ast.Call):
        inner = [one for one in value.args if isinstance(one, ast.Call)]
        return inner[0] if len(inner) == 1 else value
    raise NoSplice("no call at that line makes the coroutine")


def _is_async(sources: Sources, name: str) -> bool:
    found = [one for source in sources.naming(f"def {name}") for one in source.functions(name)]
    return bool(found) and all(isinstance(one, ast.AsyncFunctionDef) for one in found)


def _async_client(source: Source, line: int) -> list[Edit]:
    for call in source.calls_at(line):
        root, _, rest = dotted(call.func).partition(".")
        parts = rest.split(".")
        if any(one in ASYNC for one in parts):
            new = ".".join([root, *(ASYNC.get(one, one) for one in parts)])
            return [source.replace(call.func, new)]
        module = next((one for one in WITH_ASYNCIO if source.imported(one) == root), None)
        if module is not None and rest:
            new = source.imported(f"{module}.asyncio") or f"{module}_asyncio"
            line_ = source.add_import(f"{module}.asyncio", None, new)
            return [source.replace(call.func, f"{new}.{rest}"), *line_]
    raise NoSplice("no call at that line creates the client")
