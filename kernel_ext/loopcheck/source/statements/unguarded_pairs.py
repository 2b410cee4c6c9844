"""Functions that acquire something and release it again, but not if an error comes between.

A method that only acquires, or only releases, counts as that itself: `await throttle.enter()`. To
clear an event and to set it again is the same, and so is to put an entry into a container and to
take it out again.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence
from types import FrameType
from typing import NamedTuple

from loopcheck.light import dataclass, replace
from loopcheck.process import objects
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import body_spans_line, has_node, nodes_of, own_nodes, spans_line
from loopcheck.source.statements import container_fills
from loopcheck.source.values import meaning

_EXITS = frozenset({"__aenter__", "__aexit__", "__enter__", "__exit__"})
_HOLD_NOTHING = frozenset(
    {"timeout", "timeout_at", "TaskGroup", "create_task_group", "fail_after", "move_on_after"}
)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)  # `[one for one in self.jobs if …]`
_WAITS = (ast.Await, ast.AsyncWith, ast.AsyncFor, ast.Yield)
_CAN_FAIL = (ast.Call, ast.Await, ast.Raise, ast.Subscript, ast.Attribute, ast.Assert, ast.BinOp)


class Verbs(NamedTuple):
    """The methods that take something from others, and give it back."""

    takes: frozenset[str]
    gives: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.takes | self.gives


SETS, DELETES = "__setitem__", "__delitem__"
OF_LOCKS = Verbs(frozenset({"acquire"}), frozenset({"release"}))
OF_EVENTS = Verbs(frozenset({"clear"}), frozenset({"set"}))
OF_ENTRIES = Verbs(
    frozenset({*("append", "appendleft", "add", "insert", "setdefault", "extend", "update"), SETS}),
    frozenset({"remove", "discard", "pop", "popleft", "popitem", "clear", DELETES}),
)


@dataclass(frozen=True)
class Pair:
    """An acquisition and a release of one function, with nothing that guards the release.

    Or of a block: Python does not run `__aexit__` if `__aenter__` has failed.
    """

    file: str
    function: Def
    acquired: int  # their lines
    released: int
    leaves: Def | None = None  # the `__aexit__` that releases it
    guards: tuple[range, ...] = ()  # the lines between whose errors lead to a release
    only_after_errors: bool = False  # else it gives it back
    waits: tuple[int, ...] = ()  # the lines between that wait, and whose errors skip the release

    @property
    def end(self) -> int:
        """Return the line at which its function gives it back, or ends with it."""
        if self.leaves is None:
            return self.released
        return (self.function.end_lineno or self.function.lineno) + 1

    def may_skip(self, line: int) -> bool:
        """Return whether an error at *line* of the function skips the release."""
        return self.acquired < line < self.end and not any(line in one for one in self.guards)


@dataclass(frozen=True)
class Uses:
    """How the project acquires and releases what is called *name*."""

    name: str
    opens: frozenset[str]  # functions that only acquire it
    closes: frozenset[str]  # functions that only release it
    pairs: tuple[Pair, ...]
    verbs: Verbs
    kept_on_purpose: bool  # a function may acquire it for others: a fixture, or one that only opens

    def may_be_held(self, function: Def, line: int, scope: FrameType) -> bool:
        """Return whether *function*, which is at *line* of *scope*, may have acquired it."""
        acquired, released = _lines(function, self.name, self.verbs, self.opens, self.closes)
        before = max((one for one in acquired if one < line), default=0)
        if before and not any(before <= one < line for one in released):
            return True
        for turn in nodes_of((ast.For, ast.AsyncFor, ast.While), function):  # an earlier iteration
            again = spans_line(turn, line) and any(spans_line(turn, one) for one in acquired)
            if again and not any(spans_line(turn, one) for one in released):
                return True
        entered = nodes_of(ast.AsyncWith, function) if self.verbs is OF_LOCKS else ()
        inside = (one for one in entered if body_spans_line(one.body, line))
        return any(_holds(item.context_expr, scope) for one in inside for item in one.items)


def of(name: str, kinds: Collection[str] = (), verbs: Verbs = OF_LOCKS) -> Uses:
    """Return how the project's functions use what is called *name*.

    If *kinds* are known, methods of other classes use an attribute of their own.
    """
    some = verbs.all if verbs is not OF_ENTRIES else ("",)  # `self.jobs[key] = job` has no verb
    near = _functions(lambda text: name in text and any(one in text for one in some))
    functions = [(file, one) for file, one in near if not _of_others(file, one, name, kinds)]
    found = [(file, one, *_lines(one, name, verbs, (), ())) for file, one in functions]
    opens = {one.name for _, one, acquired, released in found if acquired and not released}
    closes = {one.name for _, one, acquired, released in found if released and not acquired}
    opens, closes = opens - closes - _EXITS, closes - opens - _EXITS
    if verbs is OF_ENTRIES:
        closes -= verbs.all  # containers have methods of that name
        # One that also calls what takes it out does both.
        opens -= {one.name for _, one in functions if _lines(one, name, verbs, (), closes)[1]}
    pairs = [*_entered(found)]
    wrapped = _functions(lambda text: any(one in text for one in opens))
    known = {id(one) for _, one in functions}
    apart = [(file, one) for file, one in wrapped if id(one) not in known]
    for file, one in (*functions, *apart):
        own = any(one is each and acquired for _, each, acquired, _ in found)
        lines = _lines(one, name, verbs, () if own else opens, closes)
        pairs += (
            _unguarded(file, one, *lines) if verbs is not OF_ENTRIES else _left(file, one, *lines)
        )
    on_purpose = any(
        _yields_inside(one, name)
        or (one.name not in opens and _keeps(one, *_lines(one, name, verbs, opens, closes), verbs))
        for _, one in (*functions, *apart)
    )
    return Uses(name, frozenset(opens), frozenset(closes), tuple(pairs), verbs, on_purpose)


def _entered(found: Sequence[tuple[str, Def, list[int], list[int]]]) -> Iterator[Pair]:
    """Yield the blocks that are entered with it and left without it, if to enter them may fail."""
    for file, one, acquired, released in found:
        if one.name != "__aenter__" or not acquired or released:
            continue
        if not _may_fail(one, max(acquired), (one.end_lineno or one.lineno) + 1):
            continue
        kind = parsed_files.class_of(file, one)
        for there, other, _, gives in found:
            same = there == file and parsed_files.class_of(file, other) is kind is not None
            if same and other.name == "__aexit__" and gives:
                yield Pair(file, one, max(acquired), min(gives), other)


def _of_others(file: str, function: Def, name: str, kinds: Collection[str]) -> bool:
    """Return whether *name* is an attribute of another class in *function*: `self.lock`."""
    owner = parsed_files.class_of(file, function) if kinds else None
    if owner is None or owner.name in kinds:
        return False
    used = (node for node in nodes_of(ast.Attribute, function) if node.attr == name)
    return any(isinstance(one.value, ast.Name) and one.value.id == "self" for one in used)


def _unguarded(file: str, one: Def, acquired: list[int], released: list[int]) -> Iterator[Pair]:
    if not acquired or not released or any(_guarded(one, line) for line in released):
        return
    first, last = min(acquired), max(released)
    if first < last and one.name not in _EXITS and _may_fail(one, first, last):
        yield Pair(file, one, first, last)


def _left(file: str, one: Def, put: list[int], taken: list[int]) -> Iterator[Pair]:
    """Yield the function, if it waits between the two where no handler takes the entry out."""
    if not put or not taken or min(put) >= max(taken):
        return
    guards = tuple(
        range(node.lineno, (node.body[-1].end_lineno or 0) + 1)
        for node in nodes_of((ast.Try, ast.TryStar), one)
        if any(
            body_spans_line(part, line)
            for part in (node.finalbody, *(each.body for each in node.handlers))
            for line in taken
        )
    )
    plainly = [line for line in taken if not _guarded(one, line)]
    pair = Pair(file, one, min(put), max(taken), guards=guards, only_after_errors=not plainly)
    over = min(plainly, default=pair.released)
    lines = sorted({node.lineno for node in own_nodes(one) if isinstance(node, _WAITS)})
    waits = tuple([line for line in lines if pair.may_skip(line) and line < over])
    if waits:
        yield replace(pair, waits=waits)


def _keeps(function: Def, acquired: list[int], released: list[int], verbs: Verbs) -> bool:
    """Return whether *function* acquires and never releases, or yields in between.

    An entry that a generator adds is also its own to remove.
    """
    yields = verbs is not OF_ENTRIES and has_node(ast.Yield, function)
    return bool(acquired) and (not released or yields)


def _yields_inside(function: Def, name: str) -> bool:
    """Return whether *function* yields in an `async with` over *name*."""
    return any(
        any(_base(item.context_expr) == name for item in block.items)
        and has_node(ast.Yield, *block.body)
        for block in nodes_of(ast.AsyncWith, function)
    )


def _guarded(function: Def, line: int) -> bool:
    """Return whether an error leads to *line* of *function*: it is in a `finally` or `except`."""
    for one in nodes_of((ast.Try, ast.TryStar), function):
        handlers = [each.body for each in one.handlers]
        if any(body_spans_line(part, line) for part in (one.finalbody, *handlers)):
            return True
    return False


def _may_fail(function: Def, first: int, last: int) -> bool:
    """Return whether anything between two lines of *function* can raise an error."""
    return any(
        isinstance(node, _CAN_FAIL) and first < getattr(node, "lineno", 0) < last
        for node in own_nodes(function)
    )


def _lines(
    function: Def, name: str, verbs: Verbs, opens: Collection[str], closes: Collection[str]
) -> tuple[list[int], list[int]]:
    """Return the lines of *function* that acquire *name*, and those that release it."""
    names = {name, *_aliases(function, name)}
    acquired, released = list[int](), list[int]()
    for node in own_nodes(function):
        match node:
            case ast.Call(func=func):
                called = calls.last(func)
                own = isinstance(func, ast.Attribute) and _base(func.value) in names
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                called = SETS if isinstance(node.ctx, ast.Store) else DELETES
                own = _base(value) in names
            case (
                ast.Assign(targets=[ast.Attribute(attr=attr)], value=value)
                | ast.AnnAssign(target=ast.Attribute(attr=attr), value=ast.expr() as value)
                | ast.AugAssign(target=ast.Attribute(attr=attr), value=value)
            ):
                less = isinstance(value, _COMPREHENSIONS) or _is_difference(node)
                called = DELETES if less else SETS
                own = attr == name and not _is_empty(value)
            case _:
                continue
        if called in opens or (own and called in verbs.takes):
            acquired.append(node.lineno)
        elif called in closes or (own and called in verbs.gives):
            released.append(node.lineno)
    first = min(acquired, default=0)
    return acquired, [one for one in released if not _on_a_way_out(function, first, one)]


def _is_difference(node: ast.AST) -> bool:
    return isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub)


def _is_empty(value: ast.expr) -> bool:
    """Return whether *value* makes a container without entries."""
    match value:
        case ast.Call(func=func):
            return calls.last(func) in {*container_fills.EMPTY, "defaultdict", "Counter"}
        case ast.List(elts=parts) | ast.Dict(keys=parts):
            return not parts
    return False


def _on_a_way_out(function: Def, acquired: int, line: int) -> bool:
    """Return whether *line* runs only on an early way out, after the line *acquired*.

    `if taken: lock.release(); raise …` leaves the lock to whoever called, on any other way.
    """
    for node in nodes_of(ast.If, function):
        for part in (node.body, node.orelse):
            leaves = bool(part) and isinstance(part[-1], ast.Return | ast.Raise)
            if leaves and body_spans_line(part, line) and 0 < acquired < part[0].lineno:
                return True
    return False


def _aliases(function: Def, name: str) -> Iterator[str]:
    """Yield the local names that *function* gives to *name*: `lock = self.locks[key]`."""
    for node in own_nodes(function):
        if isinstance(node, ast.Assign) and _base(node.value) == name:
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id


def _base(node: ast.expr) -> str | None:
    """Return the last name of *node*: "locks" of `self.locks[key]`."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return calls.last(node)


def _holds(entered: ast.expr, scope: FrameType) -> bool:
    """Return whether an `async with` over *entered* may hold anything that the user's code made."""
    if isinstance(entered, ast.Call) and calls.last(entered.func) in _HOLD_NOTHING:
        return False
    found = meaning.of(entered, scope)
    return not meaning.known(found) or objects.users_class(type(found)) is not None


def _functions(wanted: Callable[[str], bool]) -> list[tuple[str, Def]]:
    """Return the functions of the project's files whose text is *wanted*."""
    files = dict.fromkeys(project_files.files())
    trees = ((one, parsed_files.tree(one)) for one in files if wanted(parsed_files.text(one)))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [(file, one) for file, tree in trees for one in nodes_of(kinds, tree)]
