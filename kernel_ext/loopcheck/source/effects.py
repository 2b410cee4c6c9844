"""What lines of user code read and change, by their syntax tree and the objects of their names.

Nothing is run: we look names up where they are kept, and follow a method into its text.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections import ChainMap, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import field
from types import BuiltinMethodType, CodeType, FunctionType, MethodType
from typing import Literal

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import spans_line
from loopcheck.source.statements import return_expressions
from loopcheck.source.values import callees, meaning, special_methods
from loopcheck.source.values.callees import Env
from loopcheck.source.values.hoped_changes import Change

Key = tuple[object, ...]  # one thing that can change: ("attribute", id, name), ("thing", id), …
MOST = 5_000  # nodes of syntax trees for one question
DEEPEST = 4  # calls to follow
LONGEST = 10_000  # characters of an SQL text
SQL = re.compile(r"\s*(?:select|with|insert|replace|update|delete)\s", re.IGNORECASE)
READS = re.compile(r"\b(?:from|join)\s+[\"`\[]?(\w+)", re.IGNORECASE)
WRITES = re.compile(
    r"^\s*(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update|delete\s+from)\s+[\"`\[]?(\w+)",
    re.IGNORECASE,
)
CONTAINERS = (list, dict, set, deque, bytearray)

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_ONLY_READS = frozenset(
    {
        *("get", "keys", "values", "items", "count", "index", "copy"),
        *("qsize", "is_set", "empty", "full", "done", "locked", "result", "exception"),
    }
)
_WAYS: dict[str, Change] = {
    **dict.fromkeys(("clear", "discard", "pop", "popitem", "popleft", "remove"), "removed"),
    **dict.fromkeys(("add", "append", "extend"), "added"),
}


@dataclass()
class Sight:
    """The findings so far. Lives only while a probe runs; *held* keeps the ids valid."""

    keys: dict[Key, str] = field(default_factory=dict)  # with the text in the code
    held: list[object] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)
    count: int = 0
    called: str | None = None  # the call on the first line that we follow
    begun: set[CodeType] = field(default_factory=set)  # coroutines created and not awaited there
    hoped: frozenset[str] | None = None  # if set, no other constant counts
    equal: tuple[str, object] | None = (
        None  # if set, assigning another constant to this name does not count
    )
    useless: Collection[Change] = ()  # changes that do not count

    def add(self, kind: str, thing: object, text: str, *more: object) -> None:
        self.held.append(thing)
        self.keys.setdefault((kind, id(thing), *more), self.called or text)


def read_by(nodes: Iterable[ast.AST], env: Env, code: CodeType) -> Sight:
    """Return what the expressions or statements *nodes* read."""
    sight = Sight()
    _look(nodes, env, code, sight, "reads", 0)
    return sight


def returned_by(functions: Iterable[FunctionType]) -> Sight:
    """Return what the values that *functions* return are read from, called by their names."""
    sight = Sight()
    for function in functions:
        block = parsed_files.function_of(function.__code__)
        if block is not None:
            sight.called = f"{function.__name__}()"
            inner, wanted = meaning.in_call(function, {}), return_expressions.of(block)
            _look(block.body, inner, function.__code__, sight, "reads", 1, wanted)
    return sight


def changed_by(steps: Iterable[ast.AST], env: Env, code: CodeType, sight: Sight) -> None:
    """Add to *sight* what *steps*, and the user functions that they call, would change."""
    _look(steps, env, code, sight, "changes", 0)


def begun_by(call: ast.Call, env: Env, code: CodeType) -> set[CodeType]:
    """Return the coroutines that *call* creates, directly or further down, for a task to run."""
    sight = Sight()
    _look([call], env, code, sight, "begins", 0)
    return sight.begun


Way = Literal["reads", "changes", "begins"]


def _look(
    steps: Iterable[ast.AST],
    env: Env,
    code: CodeType,
    sight: Sight,
    way: Way,
    depth: int,
    wanted: set[ast.expr] | None = None,
) -> None:
    """Record what *steps* read, change or begin; if *wanted* is set, only these parts count."""
    known = dict[str, object]()
    space: Env = ChainMap(known, env)  # type: ignore[arg-type]
    for step in steps:
        roots = [step] if wanted is None else return_expressions.within(step, wanted)
        for node, parent in (one for root in roots for one in _nodes(root)):
            sight.count += 1
            if sight.count > MOST:
                return
            for method in special_methods.called_by(node, space):
                _follow(method, node, space, sight, way, depth)
            if isinstance(node, ast.Call):
                _call(node, parent, space, code, sight, way, depth)
            elif way == "reads":
                _read(node, parent, space, code, sight, depth)
            elif way == "changes":
                _changed(node, space, code, sight)
        if isinstance(step, ast.Assign) and isinstance(step.targets[0], ast.Name):
            known[step.targets[0].id] = callees.held(step.value, space)


def _nodes(step: ast.AST) -> Iterator[tuple[ast.AST, ast.AST | None]]:
    stack: list[tuple[ast.AST, ast.AST | None]] = [(step, None)]
    while stack:
        node, parent = stack.pop()
        yield node, parent
        if not isinstance(node, _SCOPES):
            stack += reversed([(child, node) for child in ast.iter_child_nodes(node)])


def _read(
    node: ast.AST, parent: ast.AST | None, env: Env, code: CodeType, sight: Sight, depth: int
) -> None:
    """Record the ends of chains: of `bus.seen` the attribute and its value, not `bus`."""
    if isinstance(node, ast.Name) and (table := _table_of(meaning.of(node, env))) is not None:
        sight.keys.setdefault(("table", table), sight.called or node.id)
    if isinstance(parent, ast.Attribute | ast.Call) and node is getattr(
        parent, "value", getattr(parent, "func", None)
    ):
        return
    item = _item(parent, env)
    if item is not None and isinstance(parent, ast.Subscript) and node is parent.value:
        sight.add("item", item[0], ast.unparse(parent), item[1])
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        if node.id in code.co_cellvars:
            sight.keys[("local", code.co_filename, code.co_qualname, node.id)] = node.id
        elif node.id not in (*code.co_varnames, *code.co_freevars):
            sight.add("global", env.get("__name__"), node.id, node.id)
        _thing(meaning.of(node, env), node.id, sight)
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        _attribute(node, env, sight)
        getter = callees.getter(node, env)
        if getter is not None:
            _follow(getter, node, env, sight, "reads", depth)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        _thing(callees.value(node, env), ast.unparse(node), sight)


def _attribute(node: ast.Attribute, env: Env, sight: Sight) -> None:
    of, text = callees.value(node.value, env), ast.unparse(node)
    if meaning.known(of):
        sight.add("attribute", of, text, node.attr)
        if objects.is_mock(of):
            _thing(of, text, sight)
    _thing(callees.value(node, env), text, sight)


def _thing(thing: object, text: str, sight: Sight) -> None:
    if _changeable(thing):
        sight.add("thing", thing, text)


def _changeable(thing: object) -> bool:
    """Return whether *thing* is a container, a mock or an event: it changes in place."""
    kinds = (*CONTAINERS, asyncio.Queue, asyncio.Event, asyncio.Future)
    return any(objects.is_a(thing, kind) for kind in kinds) or objects.is_mock(thing)


def _item(node: ast.AST | None, env: Env) -> tuple[object, object] | None:
    """Return the dict and the key of `stats["hits"]`, if both are known."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        of = callees.value(node.value, env)
        if objects.is_a(of, dict) and type(node.slice.value) in (str, int):
            return of, node.slice.value
    return None


def constants(node: ast.AST) -> frozenset[str]:
    """Return the constants in *node*: `200`, `State.OPEN`."""
    return frozenset(ast.unparse(one) for one in ast.walk(node) if _constant(one))


def _constant(node: ast.AST | None) -> bool:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id[:1].isupper()
    return isinstance(node, ast.Constant)


def _hoped(node: ast.AST, hoped: frozenset[str], less: bool) -> bool:
    """Return whether a line about the constants *hoped* may be waiting for what *node* does.

    *less*: it waits for the end of something, else for the beginning.
    """
    given = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    if not _constant(given):
        return True
    if hoped:
        return ast.unparse(given) in hoped  # type: ignore[arg-type]
    value = getattr(given, "value", None)
    return value in (False, None) if less else value is True


def _changed(node: ast.AST, env: Env, code: CodeType, sight: Sight) -> None:
    if sight.hoped is not None and not _hoped(node, sight.hoped, "added" in sight.useless):
        return
    if _way(node) in _useless(sight):
        return
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign | ast.Delete):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    if sight.equal is not None and isinstance(node, ast.Assign | ast.AnnAssign):
        targets = [one for one in targets if not _unequal(one, node.value, *sight.equal)]
    for target in (one for each in targets for one in ast.walk(each)):
        if isinstance(target, ast.Attribute) and isinstance(target.ctx, ast.Store | ast.Del):
            _attribute(target, env, sight)
        elif isinstance(target, ast.Subscript) and isinstance(target.ctx, ast.Store | ast.Del):
            _in(target, env, sight)
        elif isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store | ast.Del):
            _name(target.id, env, code, sight)


def _entries(of: object, call: ast.Call, sight: Sight) -> None:
    """Record what a method of the container *of* changes: `stats.update(hits=1)` one entry."""
    text = ast.unparse(call.func)
    keys = _keys_of(call) if type(of) is dict else None
    for key in keys or ():
        sight.add("item", of, text, key)
        sight.add("part", of, text)
    if keys is None:
        _thing(of, text, sight)


def _keys_of(call: ast.Call) -> list[object] | None:
    """Return the keys of a dict that *call* sets or takes out, None if they are not all known."""
    keys: list[ast.expr | None] = []
    match call:
        case ast.Call(func=ast.Attribute(attr="pop" | "setdefault"), args=[key, *_], keywords=[]):
            keys = [key]
        case ast.Call(func=ast.Attribute(attr="update"), args=[ast.Dict(keys=given)]):
            keys = [*given]
        case ast.Call(func=ast.Attribute(attr="update"), args=[]):
            pass
        case _:
            return None
    named = [one.arg for one in call.keywords]
    known = [one.value for one in keys if isinstance(one, ast.Constant)]
    return [*known, *named] if len(known) == len(keys) and None not in named else None


def _in(target: ast.Subscript, env: Env, sight: Sight) -> None:
    """Record the item of a container that is assigned: only the key, if that is known."""
    text = ast.unparse(target.value)
    if (item := _item(target, env)) is not None:
        sight.add("item", item[0], text, item[1])
        sight.add("part", item[0], text)
    else:
        _thing(callees.value(target.value, env), text, sight)


def common(
    read: Sight, changed: Sight, but: Collection[str] = (), of: Collection[int] | None = None
) -> str | None:
    """Return the text of the first thing in *read* that is also *changed*, leaving out *but*.

    *of*: if set, the ids of objects that still are what they were when *changed* was read.
    """
    for key, text in read.keys.items():
        if text in but:
            continue
        kind, *rest = key
        if of is not None and type(rest[0]) is int and rest[0] not in of:
            continue
        wider = {"thing": ("part", *rest), "item": ("thing", *rest[:1])}.get(str(kind), key)
        if key in changed.keys or wider in changed.keys:
            return text
    return None


def equal_to(step: ast.stmt) -> tuple[str, object] | None:
    """Return what *step* asserts to be a constant, and the constant: `job.state == 3`."""
    match step:
        case ast.Assert(
            test=ast.Compare(
                left=left, ops=[ast.Eq() | ast.Is()], comparators=[ast.Constant(value=value)]
            )
        ) if (name := _last_part(left)) is not None:
            return name, value
    return None


def _last_part(of: ast.expr) -> str | None:
    """Return the last part of an assignable expression: of `job.state` "state", else a key."""
    match of:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=key)):
            return f"[{key!r}]"
    return None


def _unequal(target: ast.expr, given: ast.expr | None, name: str, value: object) -> bool:
    """Return whether *target* of that *name* is assigned a constant other than *value*."""
    said = _last_part(target)
    return said == name and isinstance(given, ast.Constant) and given.value != value


def _name(name: str, env: Env, code: CodeType, sight: Sight) -> None:
    """Record a name that is not the function's own."""
    if name in code.co_freevars:
        outer = code.co_qualname
        while "." in outer:
            outer = outer.rpartition(".")[0].removesuffix(".<locals>")
            sight.keys[("local", code.co_filename, outer, name)] = name
    elif name not in (*code.co_varnames, *code.co_cellvars):
        sight.add("global", env.get("__name__"), name, name)


def _call(
    node: ast.Call,
    parent: ast.AST | None,
    env: Env,
    code: CodeType,
    sight: Sight,
    way: Way,
    depth: int,
) -> None:
    target = callees.target(node.func, env)
    if way != "begins":
        _tables(node, target, sight, way)
    if way == "begins":
        _begin(target, parent, sight)
    if isinstance(target, MethodType | FunctionType):
        _follow(target, node, env, sight, way, depth)
    elif type(target) is BuiltinMethodType and way == "changes" and _may_change(target, sight):
        _entries(target.__self__, node, sight)
    if objects.is_mock(target):
        _thing(target, ast.unparse(node.func), sight)
    if not isinstance(node.func, ast.Attribute) or way == "begins":
        return
    of, text = callees.value(node.func.value, env), ast.unparse(node.func.value)
    if way == "changes" and _makes_anew(node.func.value, env):
        _in(node.func.value, env, sight)  # type: ignore[arg-type]
    if objects.is_mock(of) and (way == "reads" or node.func.attr.startswith("assert_")):
        _thing(of, text, sight)
    elif _changeable(of) and not objects.is_mock(of):
        if _WAYS.get(node.func.attr) in _useless(sight):
            return
        if way == "reads":
            _thing(of, text, sight)
        elif node.func.attr not in _ONLY_READS or not _plain(of):
            _entries(of, node, sight)
        if way == "reads" and node.func.attr in ("done", "cancelled"):
            sight.add("done", of, text)
    elif meaning.known(of) and not callees.of_user(target):
        said = [one.value for one in node.args[:1] if isinstance(one, ast.Constant)]
        if said and type(said[0]) is str:  # a client, and the key that both name
            sight.add("called", of, ast.unparse(node), said[0])


def _tables(node: ast.Call, target: object, sight: Sight, way: Way) -> None:
    """Record the tables that an SQL text in *node* reads or writes, and the row that it creates."""
    pattern = READS if way == "reads" else WRITES
    for one in node.args:
        if isinstance(one, ast.Constant) and type(one.value) is str:
            said = one.value[:LONGEST]
            for table in pattern.findall(said) if SQL.match(said) else ():
                sight.keys.setdefault(("table", table.lower()), sight.called or ast.unparse(node))
    made = _table_of(target) if way == "changes" else None
    if made is not None:
        sight.keys.setdefault(("table", made), sight.called or ast.unparse(node))


def _table_of(thing: object) -> str | None:
    """Return the table whose rows are objects of the class *thing*, None for any other object."""
    if not objects.is_a(thing, type):
        return None
    name = objects.class_attribute(thing, "__tablename__")
    return name.lower() if type(name) is str else None


def _begin(target: object, parent: ast.AST | None, sight: Sight) -> None:
    """Record the coroutine that a call of *target* creates, if the line does not await it."""
    function = callees.function_of(target)
    if type(function) is not FunctionType or isinstance(parent, ast.Await):
        return
    if function.__code__.co_flags & inspect.CO_COROUTINE:
        sight.begun.add(function.__code__)


def _makes_anew(node: ast.expr, env: Env) -> bool:
    """Return whether reading the item may create it: `words[word].add(name)`."""
    return isinstance(node, ast.Subscript) and type(callees.value(node.value, env)) is defaultdict


def _may_change(method: BuiltinMethodType, sight: Sight) -> bool:
    """Return whether *method*, for example a list's `append`, may change its object."""
    known = _WAYS.get(method.__name__) in _useless(sight)
    return not known and method.__name__ not in _ONLY_READS


def _useless(sight: Sight) -> Collection[Change]:
    """Return the changes that do not count.

    A line about constants waits for a removal only if it surely wants less: most often that is the
    end of a lease.
    """
    wants_less = sight.hoped is None or "added" in sight.useless
    return sight.useless if wants_less else {*sight.useless, "removed"}


def _way(node: ast.AST) -> Change | None:
    """Return whether the statement *node* adds to something, or removes from it."""
    match node:
        case ast.Delete() | ast.AugAssign(op=ast.Sub()):
            return "removed"
        case ast.AugAssign(op=ast.Add()):
            return "added"
    return None


def _plain(thing: object) -> bool:
    return any(objects.is_a(thing, kind) for kind in CONTAINERS)


def _follow(
    target: MethodType | FunctionType, call: ast.AST, env: Env, sight: Sight, way: Way, depth: int
) -> None:
    """Look into the user function that is called, with what is known of its arguments."""
    function = target.__func__ if type(target) is MethodType else target
    of = target.__self__ if type(target) is MethodType else objects.UNKNOWN
    if type(function) is not FunctionType:
        return
    code = function.__code__
    key = (id(code), id(of))
    if depth >= DEEPEST or key in sight.seen or project_files.owner(code.co_filename) != "user":
        return
    sight.seen.add(key)
    sight.held.append(of)
    body = parsed_files.body_of(code)
    if not body:
        return
    known = callees.given_to(code, of, call, env)
    inner = meaning.in_call(function, known)
    if not depth:
        sight.called = ast.unparse(call)
    block = parsed_files.function_of(code) if way == "reads" else None
    wanted = return_expressions.of(block) if block is not None else None
    _look(body, inner, code, sight, way, depth + 1, wanted)
    if not depth:
        sight.called = None


def rest(steps: list[ast.stmt], line: int) -> list[ast.AST]:
    """Return the part of *steps* that has not run yet when the code is at *line*."""
    for index, step in enumerate(steps):
        if spans_line(step, line):
            return [*_inside(step, line), *steps[index + 1 :]]
    return []


def _inside(step: ast.stmt, line: int) -> list[ast.AST]:
    if not hasattr(step, "body"):
        return [step]
    if isinstance(step, ast.For):
        return [*step.body, *step.orelse]
    parts = [step.body, getattr(step, "orelse", []), getattr(step, "finalbody", [])]
    parts += [one.body for one in getattr(step, "handlers", [])]
    found = next((later for part in parts if (later := rest(part, line))), None)
    if found is None:  # the line is in the head: `async with connect() as …`
        return [*step.body]
    return [*found, *(getattr(step, "finalbody", []) if found else [])]
