"""What an earlier test left in an application container, if the failing line shows it.

A leftover entry alone is no fault: there are caches and registries. So one of three things must
hold. A number is off by exactly the count of leftovers, or exactly the leftovers exceed what the
test expects, or the code refused an entry because the leftover is there.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FrameType, FunctionType, MethodType, ModuleType
from typing import Any, TypeGuard

from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass
from loopcheck.process import object_names, objects, parameters
from loopcheck.process.doubles import call_lists
from loopcheck.process.errors import handed_on_errors
from loopcheck.process.failure import Link, Step
from loopcheck.process.growing_containers import Full
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.stores import leftover_data
from loopcheck.records import DirtRecord, Place
from loopcheck.runner import fixtures
from loopcheck.source import parsed_files, project_files, user_code
from loopcheck.source.nodes import calls_in, nodes_of, spans_line
from loopcheck.source.values import compared_values, meaning, value_origins

PLAIN = (str, int, float, bytes)
DEEPEST, FUNCTIONS = 3, 40  # calls to follow from the failing line
EMPTIES = frozenset({"clear", "reset", "pop", "popitem", "remove", "discard"})
ORDER = {ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq, ast.NotEq: operator.ne}


@dataclass(frozen=True, eq=False)
class _Scope:
    """The names of an expression: those of a frame, or of a function that has returned."""

    node: ast.AST
    frame: FrameType | None = None
    function: Any = None
    owner: object = UNKNOWN  # the value of its first argument

    def value(self, node: ast.expr | None) -> object:
        """Return the value of *node*; the result of a call has the attributes of its class."""

        def made(node: ast.AST) -> object:
            match node:
                case ast.Await(value=value):
                    return self.value(value)
                case ast.Call(func=func):
                    kind = self.value(func)
                    return kind if objects.is_a(kind, type) else UNKNOWN
            return UNKNOWN

        return meaning.of(node, self._names(), attribute=call_lists.attribute, other=made)

    def _names(self) -> meaning.Scope:
        if self.function is None:
            return self.frame if self.frame is not None else {}
        first = parameters.positional(self.function.__code__)[:1]
        return meaning.in_call(self.function, dict.fromkeys(first, self.owner))


def read(
    links: Sequence[Link], item: Any, full: Sequence[Full], labels: Labels
) -> DirtRecord | None:
    """Return the failure's explanation by an entry in one of the *full* containers."""
    code = user_code.test(item)
    test = parsed_files.function_of(code) if code else None
    if test is None or _empties(test):
        return None
    # The scope of a library's fixture is not the project's to change.
    full = [one for one in full if type(one.owner) is ModuleType or fixtures.users(one.owner)]
    for link in handed_on_errors.causes(links):
        step = link.user
        if step is None:
            continue
        if step is link.trace[-1]:
            found = _refused(step, full) or _asserted(link, step, full)
        else:
            found = _checked(step, full) if objects.is_a(link.error, AssertionError) else None
        if found is not None:
            return _record(found[0], found[1], step, labels)
    return None


def _empties(test: ast.AST) -> bool:
    calls = [node.func for node in calls_in(test)]
    return any(isinstance(one, ast.Attribute) and one.attr in EMPTIES for one in calls)


# An entry that is already taken


Found = tuple[Full, str]


def _refused(step: Step, full: Sequence[Full]) -> Found | None:
    """Return the container whose entry makes the failing line raise."""
    code = step.frame.f_code
    blocks = parsed_files.enclosing(code.co_filename, step.line)
    for node in nodes_of(ast.If, *blocks[:1]):
        if any(_raises(one, step.line) for one in node.body):
            return _forbidden(node.test, _Scope(blocks[0], frame=step.frame), full)
    return None


def _raises(node: ast.stmt, line: int) -> bool:
    return isinstance(node, ast.Raise) and spans_line(node, line)


def _forbidden(test: ast.expr, scope: _Scope, full: Sequence[Full]) -> Found | None:
    match test:
        case ast.Compare(left=left, ops=[ast.In()], comparators=[right]):
            one = _one(scope.value(right), full)
            key = scope.value(left)
            if one is not None and _among(key, one.left):
                return one, f"`{ast.unparse(test)}`"
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[held]), ops=[order], comparators=[right]
        ):
            one, limit = _one(scope.value(held), full), scope.value(right)
            holds = ORDER.get(type(order))
            if one is not None and holds is not None and type(limit) is int:
                count = len(one.value)
                if holds(count, limit) and not holds(count - len(one.left), limit):
                    return one, f"`{ast.unparse(test)}`"
    return next(_looked_up(test, scope, full), None)


def _looked_up(test: ast.expr, scope: _Scope, full: Sequence[Full]) -> Iterator[Found]:
    """Yield the lookups of leftover keys without which *test* would not hold."""
    for part in test.values if _is_and(test) else [test]:
        match part:
            case ast.Compare(left=asked, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
                holds = _is_none
            case ast.Compare(left=asked, ops=[order], comparators=[limit]) if type(order) in ORDER:
                holds = partial(_does_not, ORDER[type(order)], scope.value(limit))
            case _:
                asked, holds = part, _is_false
        lookups: list[ast.AST] = [asked]
        if isinstance(asked, ast.Name):
            lookups = list(value_origins.given(scope.node, asked.id))
        for lookup in lookups:
            match lookup.value if isinstance(lookup, ast.NamedExpr) else lookup:
                case ast.Call(func=ast.Attribute(value=held, attr="get"), args=[key, *default]):
                    one, without = _one(scope.value(held), full), None
                    if default:
                        without = scope.value(default[0])
                    if one is not None and _among(scope.value(key), one.left) and holds(without):
                        yield one, f"`{ast.unparse(lookup)}`"


def _is_and(test: ast.expr) -> TypeGuard[ast.BoolOp]:
    return isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And)


def _is_none(without: object) -> bool:
    return without is None


def _is_false(without: object) -> bool:
    return without is None or (type(without) in (bool, int, str) and not without)


def _does_not(order: Callable[[Any, Any], bool], limit: object, without: object) -> bool:
    """Return whether two numbers are not in that order."""
    numbers = (int, float)
    return type(limit) in numbers and type(without) in numbers and not order(without, limit)


def _one(value: object, full: Sequence[Full]) -> Full | None:
    """Return the container that *value* is, or that a mock keeps its calls in."""
    value = call_lists.of(value) if objects.is_mock(value) else value
    return next((one for one in full if one.value is value), None)


def _among(key: object, left: Sequence[object]) -> bool:
    return type(key) in PLAIN and any(type(one) is type(key) and one == key for one in left)


# What a test asserts about


def _asserted(link: Link, step: Step, full: Sequence[Full]) -> Found | None:
    if not objects.is_a(link.error, AssertionError):
        return None
    code = step.frame.f_code
    blocks = parsed_files.enclosing(code.co_filename, step.line)
    found = leftover_data.assert_at(blocks[0], step.line) if blocks else None
    if found is None:
        return None
    read = list(_reads(list(_feeding(blocks[0], found)), step.frame, full))
    for scope, one in read:
        how = _counted(found, scope, one, step.frame) or _beyond(found, one, step.frame)
        how = how or _listed(found, scope, one)
        how = how or _was_there(found, blocks[0], scope, one)
        if how is not None:
            return one, how
    return None


def _checked(step: Step, full: Sequence[Full]) -> Found | None:
    """Return the mock that failed a check of its own, as `assert_awaited_once_with`, for them."""
    match step.source.simple:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=of, attr=attr) as check)):
            one = _one(_Scope(check, frame=step.frame).value(of), full)
            expected = 0 if "_not_" in attr else 1 if "_once" in attr else None
            if one is not None and one.of_mock and len(one.value) - len(one.left) == expected:
                return one, f"`{ast.unparse(check)}()`"
    return None


def _feeding(block: ast.AST, test: ast.Assert) -> Iterator[ast.AST]:
    """Yield the expression of the assert, and those that assign its names."""
    yield test.test
    for node in nodes_of(ast.Name, test.test):
        yield from value_origins.given(block, node.id)


def _reads(
    nodes: Sequence[ast.AST], frame: FrameType, full: Sequence[Full]
) -> Iterator[tuple[_Scope, Full]]:
    """Yield the containers that *nodes* read, and where."""
    todo = [(_Scope(node, frame=frame), 0) for node in nodes]
    seen: set[tuple[object, int]] = set()
    while todo and len(seen) < FUNCTIONS:
        scope, depth = todo.pop(0)
        for node in nodes_of((ast.Name, ast.Attribute, ast.Call), scope.node):
            if isinstance(node, ast.Name | ast.Attribute):
                one = _one(scope.value(node), full)
                if one is not None:
                    yield scope, one
            if isinstance(node, ast.Call) and depth < DEEPEST:
                inner = _called(node.func, scope)
                key = (inner.function, id(inner.owner)) if inner is not None else None
                if inner is not None and key is not None and key not in seen:
                    seen.add(key)
                    todo.append((inner, depth + 1))


def _called(node: ast.expr, scope: _Scope) -> _Scope | None:
    """Return the function in user code that a call runs."""
    owner = scope.value(node.value) if isinstance(node, ast.Attribute) else UNKNOWN
    found = scope.value(node)
    if type(found) is MethodType:
        owner, found = found.__self__, found.__func__
    if type(found) is not FunctionType:
        return None
    code = found.__code__
    if project_files.owner(code.co_filename, found.__module__) != "user":
        return None
    block = parsed_files.function_of(code)
    return _Scope(block, function=found, owner=owner) if block is not None else None


def _counted(test: ast.Assert, scope: _Scope, one: Full, frame: FrameType) -> str | None:
    """Return the count that is off by the number of leftovers, if the code counts entries."""
    counts: list[ast.expr] = [
        node
        for node in calls_in(scope.node)
        if ast.unparse(node.func) == "len" and node.args
        if scope.value(node.args[0]) is one.value
    ]
    counts += [
        node
        for node in nodes_of(ast.Attribute, scope.node)
        if node.attr in call_lists.COUNTS and _one(scope.value(node.value), [one])
    ]
    if not counts:
        return None
    sides = compared_values.sides(test.test, frame)
    for actual, expected in sides:
        if type(actual) is int and type(expected) is int and actual - expected == len(one.left):
            return f"`{ast.unparse(counts[0])}`"
    return None


def _beyond(test: ast.Assert, one: Full, frame: FrameType) -> str | None:
    """Return the comparison, if exactly the leftovers exceed what it expects."""
    for actual, expected in compared_values.sides(test.test, frame):
        if type(actual) not in (list, tuple, set, dict) or type(expected) is not type(actual):
            continue
        there, wanted = list(actual), list(expected)  # type: ignore[call-overload]
        if len(there) - len(wanted) != len(one.left):
            continue
        ids = set(map(id, there))
        if all(id(each) in ids or _among(each, there) for each in one.left):
            return f"`{ast.unparse(test.test)}`"
    return None


def _listed(test: ast.Assert, scope: _Scope, one: Full) -> str | None:
    """Return the comparison with a list that lacks as many entries as were left."""
    expected = len(one.value) - len(one.left)
    match test.test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            for actual, other in ((left, right), (right, left)):
                if not isinstance(other, ast.List) or scope.value(actual) is not one.value:
                    continue
                fixed = not any(isinstance(each, ast.Starred) for each in other.elts)
                if fixed and len(other.elts) == expected:
                    return f"`{ast.unparse(actual)}`"
    return None


def _was_there(test: ast.Assert, block: ast.AST, scope: _Scope, one: Full) -> str | None:
    """Return the lookup of a key that an earlier test left and this test expects to be absent."""
    if not leftover_data.is_empty(test.test):
        return None
    keys = [node.value for node in nodes_of(ast.Constant, *_feeding(block, test))]
    if not any(_among(key, one.left) for key in keys) or _remembers(scope, one):
        return None
    for node in nodes_of((ast.Compare, ast.Subscript, ast.Call), scope.node):
        match node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[held]):
                pass
            case ast.Subscript(value=held) | ast.Call(func=ast.Attribute(value=held, attr="get")):
                pass
            case _:
                continue
        if scope.value(held) is one.value:
            return f"`{ast.unparse(node)}`"
    return None


def _remembers(scope: _Scope, one: Full) -> bool:
    """Return whether the function adds what it does not find: a cache returns the same value."""
    for node in nodes_of((ast.Subscript, ast.Call), scope.node):
        match node:
            case ast.Subscript(value=held, ctx=ast.Store()):
                pass
            case ast.Call(func=ast.Attribute(value=held, attr="setdefault")):
                pass
            case _:
                continue
        if scope.value(held) is one.value:
            return True
    return False


# The container's place


def _record(one: Full, said: str, step: Step, labels: Labels) -> DirtRecord:
    shown = [plain(repr(each))[:40] for each in one.left if type(each) in PLAIN]
    of_module = type(one.owner) is ModuleType
    return DirtRecord(
        store=type(one.value).__name__,
        what=tuple(shown[: leftover_data.MOST]),
        table=False,
        left_by=str(one.by),
        name=".".join(one.way),
        type="Mock" if one.of_mock else objects.type_name(one.value),
        said=plain(said),
        kept_at=_made(one, labels) if of_module else fixtures.place(one.owner, labels),
        used_at=step.place(labels),
        entries=len(one.left),
        of_its_own=len(one.value) > len(one.left),
        scope=None if of_module else str(one.owner.scope),
        calls=one.of_mock,
    )


def _made(one: Full, labels: Labels) -> Place | None:
    file = str(one.owner.__file__)
    owner = one.owner.__dict__.get(one.way[0])
    if len(one.way) == 2 and objects.is_a(owner, type):
        block = parsed_files.class_named(file, owner.__qualname__)
        for node in block.body if block is not None else ():
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            if any(isinstance(each, ast.Name) and each.id == one.way[1] for each in targets):
                return Place(labels.file(file), node.lineno, one.way[1])
    return object_names.global_line(file, one.way[0], labels)
