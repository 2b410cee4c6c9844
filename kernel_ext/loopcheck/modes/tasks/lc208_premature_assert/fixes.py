"""The edits of LC208: wait for the work by a method that does, or until what is asserted is so."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.changes.waiting_methods import waiters
from loopcheck.source.nodes import calls_in, names_in

COMPARED = {
    "assertEqual": "{0} != {1}",
    "assertIs": "{0} is not {1}",
    "assertIn": "{0} not in {1}",
    "assertTrue": "not ({0})",
    "assertIsNotNone": "{0} is None",
}
CALLED = ("assert_called", "assert_any_call", "assert_has_calls")
LONGEST = 100


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what waits above the assertion; the assertion stays as it is."""
    source, line = sources.at(finding.where)
    statement = source.statement_at(line)
    function = source.function_of(statement)
    if not isinstance(function, ast.AsyncFunctionDef):
        raise NoSplice("plain code can't wait")
    if finding.remedy[0] == "await":
        yield _awaited(source, statement, finding.remedy[1])
        return
    if isinstance(statement, ast.Assert):
        _refuse_settled(source, statement)
    found = list(waiters(source, function, statement, sources))
    if len(found) == 1:
        change = source.insert_before(statement, f"await {found[0]}")
        yield Edits(changes=(change,), safe=True, words=f"await `{found[0]}` first")
    pending = _pending(source, statement, missing="missing" in finding.remedy)
    timeout = f"async with {source.named('asyncio')}.timeout(1):"
    lines = (
        timeout,
        f"{source.step}while {pending}:",
        f"{source.step * 2}await {source.named('asyncio')}.sleep(0.01)",
        *(
            f"{source.step * 2}{again}"
            for again in _asked_again(source, statement, finding.remedy[1])
        ),
    )
    if any(len(one) > LONGEST or "\n" in one for one in lines):
        raise NoSplice("the condition is of several lines")
    changes = (source.insert_before(statement, *lines), *source.add_import("asyncio"))
    yield Edits(changes=changes, safe=True, words="wait until it is so, a second at most")


def _awaited(source: Source, statement: ast.stmt, name: str) -> Edits:
    """Return the edit of `job.result()` into `await job`."""
    for call in calls_in(statement):
        of = call.func.value if isinstance(call.func, ast.Attribute) else None
        if called_name(call) == "result" and of is not None and ast.unparse(of) == name:
            text = f"await {source.text_of(of)}"
            change = source.replace(call, f"({text})" if source.is_tight(call) else text)
            return Edits(changes=(change,), safe=True, words=f"await `{name}`")
    raise NoSplice("that line asks for the exception")


def _pending(source: Source, statement: ast.stmt, *, missing: bool) -> str:
    """Return the condition that holds until the assertion does.

    *missing*: the line failed on an entry of a container that is not there yet.
    """
    if isinstance(statement, ast.Assert):
        return _negated(source, statement.test, missing=missing)
    call = statement.value if isinstance(statement, ast.Expr) else None
    call = call.value if isinstance(call, ast.Await) else call
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        raise NoSplice("no assertion at that line")
    name, owner = called_name(call) or "", source.text_of(call.func.value)
    if name in COMPARED and missing and (thing := _indexed(call.args[0])) is not None:
        return f"not {source.text_of(thing)}"
    if name in COMPARED and len(call.args) >= COMPARED[name].count("{"):
        return COMPARED[name].format(*map(source.text_of, call.args))
    if name.startswith("assert_awaited"):
        return f"not {owner}.await_count"
    if name.startswith(CALLED):
        return f"not {owner}.call_count"
    raise NoSplice("no assertion at that line")


def _refuse_settled(source: Source, statement: ast.Assert) -> None:
    """Refuse a line about what an earlier line has awaited: no wait changes that."""
    function = source.function_of(statement)
    names = names_in(statement.test)
    for one in source.nodes():
        if not isinstance(one, ast.Assign) or source.function_of(one) is not function:
            continue
        if isinstance(one.value, ast.Await) and names & names_in(*one.targets):
            raise NoSplice("its value is settled")


def _asked_again(source: Source, statement: ast.stmt, asked: str) -> list[str]:
    """Return the line above that has *asked* for the value: the name alone never changes."""
    names = names_in(statement)
    block = source.block_of(statement)
    above = block[: block.index(statement)][-1:]
    return [
        source.text_of(one)
        for one in above
        if isinstance(one, ast.Assign)
        and ast.unparse(one.value) == asked
        and names & names_in(*one.targets)
    ]


def _indexed(test: ast.expr) -> ast.expr | None:
    """Return the container in `results[-1] == 42`: until it has entries, the index fails."""
    left = test.left if isinstance(test, ast.Compare) else test
    while isinstance(left, ast.Subscript) and isinstance(left.value, ast.Subscript):
        left = left.value
    return left.value if isinstance(left, ast.Subscript) else None


def _negated(source: Source, test: ast.expr, *, missing: bool) -> str:
    said = source.text_of(test)
    if missing and (thing := _indexed(test)) is not None:
        return f"not {source.text_of(thing)}"
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return source.text_of(test.operand)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        left, right = source.text_of(test.left), source.text_of(test.comparators[0])
        match test.ops[0]:
            case ast.Eq():
                return f"{left} != {right}"
            case ast.In():
                return f"{left} not in {right}"
            case ast.IsNot():
                return f"{left} is {right}"
            case ast.Is():
                return f"{left} is not {right}"
        return f"not {said}"
    bare = isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Await)
    return f"not {said}" if bare else f"not ({said})"
