"""Functions that take a coroutine to run it, and end without doing so: `pool.submit(send())`.

Their text shows what they do with it, and so does that of the functions that they pass it to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.records import CoroutineTaker, Place
from loopcheck.source import calls, modules, nodes, parsed_files, project_files, user_code
from loopcheck.source.bindings import first_parameter
from loopcheck.source.calls import Call
from loopcheck.source.coroutines import task_starters
from loopcheck.source.definitions import Def, said
from loopcheck.source.statements import exit_paths
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

# They run the coroutine that they get, or what has it in a list. Not here: what starts a loop. An
# async function has to await instead of calling that.
RUNS = task_starters.STARTERS | {"Task", "run_coroutine_threadsafe"}
RUNS |= {"wait_for", "gather", "wait", "as_completed"}
ANNOTATED = ("Coroutine", "Awaitable")
DEEPEST = 3  # functions that pass it on to each other
MOST = 5  # functions of one name


class _Taker(NamedTuple):
    """A function that may run its parameter."""

    file: str
    function: Def
    parameter: str


class _Use(NamedTuple):
    """Where a function runs its parameter, or passes it to what does."""

    node: ast.AST
    is_all: bool  # of all that the parameter has: a loop runs one at a time


def of(made: Call, item: Any, labels: Labels) -> CoroutineTaker | None:
    """Return the function that *made* passes the coroutine to, if it is there to run it."""
    site = next(
        (one for one in calls.sites_at(made.file, made.line) if one.name == made.name), None
    )
    received = calls.receiver(site) if site is not None else None
    if received is None:
        return None
    call, argument = received
    found = list(islice(_takers(call, argument, _env(made, item)), MOST))
    uses = [list(_uses(one)) for one in found]
    if not found or not all(uses):
        return None
    taker, used = found[0], uses[0]
    kind = parsed_files.class_of(taker.file, taker.function)
    name = taker.function.name if kind is None else f"{kind.name}.{taker.function.name}"
    mine = len(found) == 1 and project_files.owner(taker.file) == "user"
    line = _line(taker.function, used) if mine else 0
    return CoroutineTaker(
        name=name,
        parameter=taker.parameter,
        at=Place(labels.file(taker.file), line, taker.function.name) if mine else None,
        call=ast.unparse(call.func),
        is_list=not all(one.is_all for one in used),
    )


def _env(made: Call, item: Any) -> Env:
    """Return what is known of the names at a line whose function may have ended."""
    env: dict[str, object] = dict(modules.globals_of(made.file))
    around = parsed_files.enclosing(made.file, made.line)
    test = user_code.test(item)
    arguments = getattr(item, "funcargs", None)
    is_in_test = test is not None and parsed_files.function_of(test) in around
    if is_in_test and type(arguments) is dict:
        env |= arguments
    for block in around[:1]:
        env |= callees.assigned_once(block, env)
    return env


def _takers(call: ast.Call, argument: ast.AST, env: Env) -> Iterator[_Taker]:
    """Yield the function that *call* runs; if that is unknown, all that have its name."""
    target = callees.target(call.func, env)
    if objects.is_mock(target):
        return
    if objects.is_a(target, type):
        target = objects.class_attribute(target, "__init__")
    function = objects.function_of(callees.function_of(target)) if meaning.known(target) else None
    if function is not None:
        code = function.__code__
        block = parsed_files.function_of(code)
        known = [(code.co_filename, block)] if block is not None else []
    else:
        known = list(_named(calls.last(call.func) or ""))
    for file, one in known:
        parameter = _parameter(call, argument, file, one)
        if parameter is not None:
            yield _Taker(file, one, parameter)


def _named(name: str) -> Iterator[tuple[str, Def]]:
    yield from modules.functions_named(name)
    for file, one in modules.functions_named("__init__") if name[:1].isupper() else ():
        kind = parsed_files.class_of(file, one)
        if kind is not None and kind.name == name:
            yield file, one


def _parameter(call: ast.Call, argument: ast.AST, file: str, function: Def) -> str | None:
    """Return the name that *function* has for an argument of *call*."""
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    static = any(said(one) == "staticmethod" for one in function.decorator_list)
    if parsed_files.class_of(file, function) is not None and not static:
        names = names[1:]
    value = argument.value if isinstance(argument, ast.keyword) else argument
    if given.vararg is not None and value in call.args[len(names) :]:
        return given.vararg.arg
    placed = calls.by_parameter(call, names)
    return next((name for name, one in placed.items() if one is value), None)


def _uses(taker: _Taker, deep: int = DEEPEST) -> Iterator[_Use]:
    """Yield where the function runs its parameter; the function itself if its annotation says so.

    A name of the same value counts, and an attribute that another method of the class runs.
    """
    file, function, parameter = taker
    all_of, each_of = {parameter}, set[str]()
    kept: list[tuple[ast.AST, str]] = []
    for node in nodes.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=value)):
                if value in all_of:
                    all_of.add(name)
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Name(id=value)):
                if value in all_of:
                    kept.append((node, name))
            case ast.For(target=ast.Name(id=name), iter=ast.Name(id=value)):
                if value in all_of:
                    each_of.add(name)
    found = False
    for node in nodes.walk(function):
        for name in (*all_of, *each_of):
            if _runs(node, name, deep):
                found = True
                yield _Use(node, name in all_of)
    for node, attribute in kept:
        if _is_run_by_class(file, function, attribute, deep):
            found = True
            yield _Use(node, True)
    every = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    hint = next((one.annotation for one in every if one.arg == parameter), None)
    if not found and hint is not None and any(one in ast.unparse(hint) for one in ANNOTATED):
        yield _Use(function, True)


def _runs(node: ast.AST, name: str, deep: int) -> bool:
    """Return whether *node* awaits *name*, or passes it to what does."""
    match node:
        case ast.Await(value=value):
            return _reads(value, name)
        case ast.Call(args=given, keywords=keywords):
            passed = next((one for one in (*given, *keywords) if _reads(_bare(one), name)), None)
            if passed is None:
                return False
            called = calls.last(node.func) or ""
            return called in RUNS or (deep > 0 and _is_run_by(called, node, passed, deep - 1))
    return False


def _is_run_by(name: str, call: ast.Call, argument: ast.AST, deep: int) -> bool:
    """Return whether all functions of that *name* run the *argument* of *call*."""
    takers = [
        _Taker(file, function, parameter)
        for file, function in islice(_named(name), MOST)
        if (parameter := _parameter(call, argument, file, function)) is not None
    ]
    return bool(takers) and all(any(_uses(one, deep)) for one in takers)


def _bare(given: ast.AST) -> ast.AST:
    return given.value if isinstance(given, ast.Starred | ast.keyword) else given


def _reads(node: ast.AST, name: str) -> bool:
    """Return whether *node* is *name* itself: "work", "self._work"."""
    return isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) == name


def _is_run_by_class(file: str, function: Def, attribute: str, deep: int) -> bool:
    """Return whether a method of the class of *function* runs what *attribute* keeps."""
    kind = parsed_files.class_of(file, function)
    own = first_parameter(function)
    if kind is None or own is None:
        return False
    return any(_runs(node, f"{own}.{attribute}", max(0, deep - 1)) for node in nodes.walk(kind))


def _line(function: Def, uses: list[_Use]) -> int:
    """Return the line on which *function* leaves its parameter alone; its first if several do."""
    around = nodes.parents(function)
    ran = list[ast.AST]()
    for one in uses:
        node = one.node
        if not one.is_all or node not in around:
            return function.lineno
        while node is not function:
            ran.append(node)
            node = around[node]
    exits = exit_paths.ways_around(function, ran)
    if len(exits) != 1:
        return function.lineno
    if exits[0].how != "end":
        return exits[0].line
    blocks = [one for one in ran if isinstance(one, ast.If)]
    return blocks[-1].lineno if len(uses) == 1 and blocks else function.lineno
