"""What a failing test found of an earlier test's data, if its failing line is about that.

A test may find what others left and not depend on it. So one of three things must hold. The failing
assert uses the result of the very command that found it, and expects an empty store. Or the code
under test raises, because the first command to find it found something. Or the database refused
the same row twice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from loopcheck.labels import Labels, plain
from loopcheck.process import object_names, objects
from loopcheck.process.errors import handed_on_errors
from loopcheck.process.failure import Link, Step
from loopcheck.process.stores import endpoints, subscriptions
from loopcheck.records import DirtRecord, Place
from loopcheck.runner import fixtures
from loopcheck.source import parsed_files, user_code
from loopcheck.source.assignments import assignments_in
from loopcheck.source.calls import last
from loopcheck.source.nodes import calls_in, names_in, nodes_of, spans_line
from loopcheck.source.values import compared_values

TWICE = ("IntegrityError", "UniqueViolationError", "UniqueViolation")
MOST = 5  # keys to name
Function = ast.FunctionDef | ast.AsyncFunctionDef


def read(links: Sequence[Link], item: Any, met: Sequence[Any], labels: Labels) -> DirtRecord | None:
    """Return what an earlier test left that explains the failure; *met* are the commands seen."""
    for link in handed_on_errors.causes(links):
        steps = link.users
        if not steps:
            continue
        found = _refused(link, met) or _asserted(link, steps, item, met)
        found = found or _raised(link, steps[0], met)
        if found:
            return _record(found, steps, item, labels, refused=_is_twice(link))
    return None


def _is_twice(link: Link) -> bool:
    return any(base.__name__ in TWICE for base in objects.mro(type(link.error)))


def _refused(link: Link, met: Sequence[Any]) -> list[Any]:
    """Return the insert that found rows in its table, if the database refused a second one."""
    inserts = [one for one in met if one.touch == "insert"]
    return inserts[-1:] if inserts and _is_twice(link) and _unique(link) else []


def _unique(link: Link) -> bool:
    orig = objects.peek(link.error, "orig") or link.error
    args = objects.args_of(orig) if objects.is_a(orig, BaseException) else ()
    said = " ".join(str(one) for one in args if type(one) is str).lower()
    return "unique" in said or "duplicate" in said


def _asserted(link: Link, steps: Sequence[Step], item: Any, met: Sequence[Any]) -> list[Any]:
    """Return the commands that found old data, and whose results the test's own assert uses."""
    if not objects.is_a(link.error, AssertionError) or link.trace[-1] is not steps[0]:
        return []
    step = steps[0]
    code = user_code.test(item)
    if code is None or step.frame.f_code is not code:
        return []
    function = parsed_files.function_of(code)
    test = assert_at(function, step.line) if function is not None else None
    if function is None or test is None:
        return []
    lines = set(_sources(function, test))
    tied = [one for one in met if one.tested[0] == code.co_filename and one.tested[1] in lines]
    return [one for one in tied if _counts_on_nothing(one, test, link)]


def _raised(link: Link, step: Step, met: Sequence[Any]) -> list[Any]:
    """Return the command that found old data, and whose result made user code raise the error."""
    function = parsed_files.function_of(step.frame.f_code)
    if function is None or link.trace[-1] is not step:
        return []
    around = _ifs_around_raise(function, step.line)
    if not around:
        return []
    lines = {line for one in around for line in _sources(function, one)}
    called = {last(one.func) for one in calls_in(function) if one.lineno in lines}
    file, tied = step.frame.f_code.co_filename, []
    for one in met:
        if one.line is None:
            continue
        here = one.line[0] == file and one.line[1] in lines
        if here or one.line[2] in called:
            tied.append(one)
    again = {one.what for one in met if one.touch == "again"}  # the test's own commands add to it
    return [one for one in tied if one.what not in again and _sees_old_data(one, around[-1].test)]


def _ifs_around_raise(function: Function, line: int) -> list[ast.If]:
    """Return the `if` blocks of *function* whose body raises at *line*, outermost first."""
    ifs = list(nodes_of(ast.If, function))
    blocks = [one for one in ifs if any(spans_line(inner, line) for inner in one.body)]
    raises = list(nodes_of(ast.Raise, function))
    return blocks if any(spans_line(one, line) for one in raises) else []


def _sees_old_data(met: Any, test: ast.expr) -> bool:
    """Return whether the condition holds because the command found something."""
    if met.touch == "fresh":
        return True
    return met.touch in ("found", "read") and not met.beside and _is_filled(test)


def _is_filled(node: ast.expr) -> bool:
    """Return whether *node* tests whether something is there: `row`, `row is not None`."""
    match node:
        case ast.Compare(ops=[ast.IsNot() | ast.NotEq() | ast.Gt()], comparators=[right]):
            return _nothing(right)
        case ast.Name() | ast.Await() | ast.Call() | ast.NamedExpr():
            return True
    return False


def assert_at(function: Function, line: int) -> ast.Assert | None:
    """Return the `assert` of *function* that *line* is part of."""
    for node in nodes_of(ast.Assert, function):
        if spans_line(node, line):
            return node
    return None


def _sources(function: Function, test: ast.Assert | ast.If) -> Iterator[int]:
    """Yield the lines that the values of *test* come from: its own, and those of its names."""
    yield from range(test.lineno, (test.test.end_lineno or test.lineno) + 1)
    said = names_in(test.test)
    for _ in range(3):  # a name may come from another
        for one in assignments_in(function):
            known = one.how in ("assigned", "entered") and one.line < test.lineno
            if known and names_in(one.target) & said:
                yield from range(one.value.lineno, (one.value.end_lineno or one.value.lineno) + 1)
                said |= names_in(one.value)


def _counts_on_nothing(met: Any, test: ast.Assert, link: Link) -> bool:
    """Return whether the assert would hold in an empty store."""
    if met.touch in ("fresh", "again", "overall"):
        return True
    if met.touch == "insert":
        return False
    if met.touch == "more":
        return _are_the_surplus(met.members, test.test, link, cut=met.cut)
    if met.touch == "some":
        return _are_values_of_others(met.values, test.test, link)
    if is_empty(test.test):
        return not met.beside  # with its own rows the test would fail alone, too
    return bool(met.table and met.touch == "read" and _has_more(test.test, link))


def _has_more(node: ast.expr, link: Link) -> bool:
    """Return whether the result has all that is expected, and more: leftovers add to it."""
    frame = link.trace[-1].frame
    return any(compared_values.surplus(*one) for one in compared_values.sides(node, frame))


def _are_the_surplus(
    members: frozenset[str], node: ast.expr, link: Link, *, cut: bool = False
) -> bool:
    """Return whether *members* are all that the result has beside, or in place of the expected."""
    for one in compared_values.sides(node, link.trace[-1].frame):
        more = compared_values.surplus(*one) or (cut and compared_values.displacing(*one))
        if more == [len(members)] or (more and all(_names_one(each, members) for each in more)):
            return True
    return False


def _are_values_of_others(values: frozenset[int], node: ast.expr, link: Link) -> bool:
    """Return whether all that the result has beside what is expected has a text of *values*."""
    for one in compared_values.sides(node, link.trace[-1].frame):
        more = compared_values.surplus(*one)
        if more and all(any(hash(text) in values for text in _texts(each)) for each in more):
            return True
    return False


def _texts(thing: object) -> Iterator[str]:
    """Yield *thing*, or the texts of a row."""
    if type(thing) is dict:
        thing = [*thing.values()]
    if type(thing) in (list, tuple):
        for one in thing:  # type: ignore[attr-defined]
            yield from _texts(one)
    elif type(thing) is str:
        yield thing


def _names_one(thing: object, members: frozenset[str]) -> bool:
    """Return whether *thing* is one of *members*, or a row with one."""
    if type(thing) is dict:
        thing = [*thing, *thing.values()]
    if type(thing) in (list, tuple):
        return any(_names_one(part, members) for part in thing)  # type: ignore[attr-defined]
    text = thing.decode("utf-8", "replace") if type(thing) is bytes else thing
    return type(text) is str and text in members


def is_empty(node: ast.expr) -> bool:
    """Return whether *node* tests whether something is empty: `not rows`, `rows == []`."""
    match node:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.Eq() | ast.Is()], comparators=[right]):
            return any(map(_nothing, (node.left, right)))
    return False


def _nothing(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return value is None or value is False or value in (0, "", b"")
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id="set" | "list" | "dict"), args=[]):
            return True
    return False


def _record(
    met: Sequence[Any], steps: Sequence[Step], item: Any, labels: Labels, *, refused: bool
) -> DirtRecord:
    first = met[0]
    same = [one for one in met if one.left.test == first.left.test and one.table == first.table]
    code = steps[0].frame.f_code
    roots = [*fixtures.roots(item), *endpoints.roots_of(steps)]
    owner = first.owner()
    server = _fixture_of_server(owner, item)
    if server is not None:
        way = object_names.find([server], [server.value])
    else:
        way = object_names.find(roots, [owner]) if owner is not None else None
    return DirtRecord(
        store=first.store,
        what=tuple(dict.fromkeys(plain(one.what) for one in same))[:MOST],
        table=first.table,
        left_by=str(first.left.test),
        name=way.name if way is not None else "the client",
        type=objects.type_name(way.things[0]) if way is not None else first.store,
        left_at=_place(first.left.line, labels),
        met_at=_place(first.line, labels),
        said=first.said,
        kept_at=object_names.kept_at(way, labels) if way is not None else None,
        used_at=Place(labels.file(code.co_filename), steps[0].line, code.co_name),
        refused=refused,
        scope=str(fixtures.definitions(item)[server.name].scope) if server is not None else None,
    )


def _fixture_of_server(owner: object, item: Any) -> object_names.Root | None:
    """Return the fixture that keeps the fake server of a client's pool for several tests."""
    server = subscriptions.fake_server_of(owner)
    roots = fixtures.roots(item) if server is not None else ()
    return next((one for one in roots if one.wide and one.value is server), None)


def _place(line: Any, labels: Labels) -> Place | None:
    return Place(labels.file(line[0]), line[1], line[2]) if line is not None else None
