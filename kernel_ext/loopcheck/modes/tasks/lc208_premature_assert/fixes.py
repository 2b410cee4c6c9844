"""The edits of LC208: wait for the work by a method that does, or until what is asserted is so."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.bindings import ends
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import names_in

COMPARED = {
    "assertEqual": "{0} != {1}",
    "assertIs": "{0} is not {1}",
    "assertIn": "{0} not in {1}",
    "assertTrue": "not ({0})",
    "assertIsNotNone": "{0} is None",
}
CALLED = ("assert_called", "assert_any_call", "assert_has_calls")
LONGEST = 100


WAITS = ("gather", "wait", "wait_for", "join")  # for tasks, for an event, for a queue


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what waits above the assertion; the assertion stays as it is."""
    source, line = sources.at(finding.where)
    statement = source.statement_at(line)
    function = source.function_of(statement)
    if not isinstance(function, ast.AsyncFunctionDef):
        raise NoSplice("plain code can't wait")
    waiters = list(_waiters(source, function, statement, sources))
    if len(waiters) == 1:
        change = source.insert_before(statement, f"await {waiters[0]}")
        yield Edits(changes=(change,), safe=True, words=f"await `{waiters[0]}` first")
    pending = _pending(source, statement)
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


def _waiters(
    source: Source, function: ast.AsyncFunctionDef, statement: ast.stmt, sources: Sources
) -> Iterator[str]:
    """Yield the calls that wait for the work of an object which the test has used: `bus.drain()`.

    The class of the object has the method that the test called, and one that only waits.
    """
    used: dict[tuple[str, str], None] = {}
    for node in source.nodes():
        if source.function_of(node) is function and isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(value=ast.Name(id=name), attr=method):
                    if node.lineno < statement.lineno:
                        used[name, method] = None
    found: dict[str, None] = {}
    for name, method in used:
        for other in sources.naming(f"def {method}("):
            for one in other.functions(method):
                block = other.class_of(one)
                waits = [each for each in block.body if _only_waits(each)] if block else []
                found |= {f"{name}.{each.name}()": None for each in waits if isinstance(each, Def)}
    said = {f"{name}.{method}()" for name, method in used}
    yield from (one for one in found if one not in said)


def _only_waits(method: ast.stmt) -> bool:
    """True of a public async method without arguments that waits, and neither ends nor returns."""
    if not isinstance(method, ast.AsyncFunctionDef) or method.name.startswith("_"):
        return False
    if ends(method.name) or len(method.args.args) != 1 or method.decorator_list:
        return False
    called = [one for one in ast.walk(method) if isinstance(one, ast.Call)]
    results = [one for one in ast.walk(method) if isinstance(one, ast.Return) and one.value]
    names = {called_name(one) or "" for one in called}
    waits = [
        one.value
        for one in ast.walk(method)
        if isinstance(one, ast.Await) and isinstance(one.value, ast.Call)
    ]
    return (
        bool(waits)
        and not results
        and all(called_name(one) in WAITS for one in waits)
        and not any(name.startswith(("cancel", "put", "set")) or ends(name) for name in names)
    )


def _pending(source: Source, statement: ast.stmt) -> str:
    """Return the condition that holds until the assertion does."""
    if isinstance(statement, ast.Assert):
        _refuse_settled(source, statement)
        return _negated(source, statement.test)
    call = statement.value if isinstance(statement, ast.Expr) else None
    call = call.value if isinstance(call, ast.Await) else call
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        raise NoSplice("no assertion at that line")
    name, owner = called_name(call) or "", source.text_of(call.func.value)
    if name in COMPARED and (thing := _indexed(call.args[0])) is not None:
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


def _negated(source: Source, test: ast.expr) -> str:
    said = source.text_of(test)
    if (thing := _indexed(test)) is not None:
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
