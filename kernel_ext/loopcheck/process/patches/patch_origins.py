"""What is behind a failing line: the globals that its values came from, and what ran.

No code runs here. We follow values through the assignments of a function, and through the text of
the user functions that returned them.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from types import FunctionType
from typing import cast

from loopcheck.light import dataclass, replace
from loopcheck.process import objects, parameters
from loopcheck.process.failure import Step
from loopcheck.process.patches import caught_results
from loopcheck.source import parsed_files, project_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import calls_in, has_node, names_in, names_read, nodes_of
from loopcheck.source.statements import idle_nodes
from loopcheck.source.values import attribute_origins, made_objects, meaning

DEEPEST = 4  # calls to follow
MOST = 400  # functions to look into for one question

Scope = Mapping[str, object]
Spot = tuple[int, int]  # line, column
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (*_FUNCTIONS, ast.ClassDef)
COUNTS = ("called", "call_count", "await_count", "call_args", "mock_calls", "call_args_list")
_LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)


@dataclass(frozen=True, eq=False)
class Use:
    """A read of a global, with the module that has it. Lives only while a probe runs."""

    held: Scope  # the module's own dict
    name: str
    file: str  # of that module
    at: tuple[str, int] | None  # the file and the line that read it, if known
    depth: int = 0  # calls between the failing line and this
    keeper: tuple[str, str] | None = None  # the class of the object that keeps it, the attribute


@dataclass()
class _Asked:
    """One question: the functions visited for it, and the nodes to skip. Lives only for it."""

    drops: bool  # whether to follow calls whose results are dropped
    found: Sequence[
        caught_results.Plain
    ] = ()  # if not: the values that an error in such calls may have led to
    seen: dict[int, FunctionType] = field(default_factory=dict)  # by the ids of their code
    idle: set[int] = field(default_factory=set)  # nodes

    def enters(self, function: FunctionType) -> bool:
        if id(function.__code__) in self.seen or len(self.seen) >= MOST:
            return False
        self.seen[id(function.__code__)] = function
        return True

    def body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        if not self.drops:
            self.idle |= idle_nodes.idle_in(body, caught_results.calls(body, self.found))
        return body


def made_with(step: Step, *, drops: bool = True) -> Iterator[Use]:
    """Yield the globals that the values of the failing line in *step* came from.

    Without *drops*, a called function counts only as far as its return value depends on it.
    """
    yield from _uses(_origins(step), meaning.names_of(step.frame), _where(step), 0, _Asked(drops))


def operands(step: Step) -> Iterator[Use]:
    """Yield the globals that the operands of the failing expression in *step* came from."""
    parts = _origins(step, step.source.expression)
    yield from _uses(parts, meaning.names_of(step.frame), _where(step), 0, _Asked(drops=False))


def named_by(node: ast.expr, held: Scope, file: str) -> Iterator[Use]:
    """Yield the global that *node* reads in *file*, whose module has *held*."""
    if isinstance(node, ast.Name | ast.Attribute):
        yield from _read(node, held, (file, held), 0)


def made_of(step: Step) -> list[ast.AST]:
    """Return the failing statement, and the expressions that assigned its names."""
    return _origins(step)


def functions(step: Step) -> list[FunctionType]:
    """Return the user functions that may have run for the values of the failing line."""
    asked = _Asked(drops=False)
    for _ in _uses(_origins(step), meaning.names_of(step.frame), _where(step), 0, asked):
        pass
    return list(asked.seen.values())


def read_in(body: Iterable[ast.AST], step: Step) -> Iterator[Use]:
    """Yield the globals that *body*, in the function of *step*, may read."""
    yield from _uses(body, meaning.names_of(step.frame), _where(step), 0, _Asked(drops=True))


def ran_in(body: Iterable[ast.AST], step: Step) -> Iterator[Use]:
    """Yield the globals that *body*, in the function of *step*, certainly read."""
    yield from _sure(body, meaning.names_of(step.frame), _where(step), 0, _Asked(drops=True))


def ran_by(function: FunctionType, *, drops: bool = True) -> Iterator[Use]:
    """Yield the globals that *function* reads on every path through it."""
    body, env, where = _inside(function, None, {})
    asked = _Asked(drops)
    yield from _sure(asked.body(body), env, where, 1, asked)


def is_call_behind(step: Step, names: Collection[str]) -> bool:
    """Return whether a call of one of *names* is behind the values of the failing line."""
    env, seen = meaning.names_of(step.frame), set[int]()
    return _calls(_origins(step), env, names, 0, seen)


def _calls(
    nodes: Iterable[ast.AST], env: Scope, names: Collection[str], depth: int, seen: set[int]
) -> bool:
    for node in calls_in(*nodes):
        if getattr(node.func, "attr", getattr(node.func, "id", None)) in names:
            return True
        for function in _called(node, env) if depth < DEEPEST else ():
            if id(function.__code__) not in seen and len(seen) < MOST:
                seen.add(id(function.__code__))
                inner, space, _ = _inside(function, node, env)
                if _calls(inner, space, names, depth + 1, seen):
                    return True
    return False


def ran_for(step: Step, *, drops: bool = True) -> Iterator[Use]:
    """Yield the globals that were certainly read for the values of that line."""
    asked = _Asked(drops, () if drops else caught_results.found_by(step))
    yield from _sure(_origins(step), meaning.names_of(step.frame), _where(step), 0, asked)


def ran_for_raise(step: Step) -> Iterator[Use]:
    """Yield the globals that were certainly read for the `if` around the `raise` of *step*.

    A `raise` outside any block comes after all that might have returned: there, all of it counts.
    """
    around = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    blocks = [one for one in around if step.source.statement in getattr(one, "body", ())]
    match blocks:
        case [ast.If(test=test)]:
            names, asked = meaning.names_of(step.frame), _Asked(drops=False)
            yield from _sure(_origins(step, test), names, _where(step), 0, asked)
        case [ast.FunctionDef() | ast.AsyncFunctionDef()]:
            yield from ran_before(step)


def ran_before(step: Step) -> Iterator[Use]:
    """Yield the globals that were certainly read before *step* reached its failing line."""
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    body = around[0].body if around else []
    asked, until = _Asked(drops=True), _begins(step.source.statement, step.line)
    yield from _sure(body, meaning.names_of(step.frame), _where(step), 0, asked, until)


def _begins(node: ast.AST | None, line: int) -> Spot:
    """Return where *node* begins, *line* if the node has no position."""
    return getattr(node, "lineno", line), getattr(node, "col_offset", 0)


def _where(step: Step) -> tuple[str, Scope]:
    return step.frame.f_code.co_filename, step.frame.f_globals


def _origins(step: Step, exact: ast.AST | None = None) -> list[ast.AST]:
    """Return the failing statement, without its body, and what assigned its names.

    If *exact* is known, only that part of the statement counts.
    """
    code = step.frame.f_code
    statement = step.source.statement
    around = parsed_files.enclosing(code.co_filename, step.line)
    if statement is None:
        return []
    found: list[ast.AST] = [exact] if exact is not None else list(_heads(statement))
    wanted = {name for one in found for name in names_read(one)}
    given = list(_given(around[0].body, step.line)) if around else []
    begins = _begins(statement, step.line)
    found += _counted(found, around[0].body, begins) if around else []
    for _ in range(5):  # assignments behind assignments
        more = [value for names, value in given if names & wanted and value not in found]
        if not more:
            break
        found += more
        wanted |= {name for one in more for name in names_read(one)}
    return found


def _counted(asks: list[ast.AST], body: Iterable[ast.stmt], until: Spot) -> list[ast.AST]:
    """Return the calls that received a mock whose calls are counted: `check.await_count`."""
    names = {
        node.value.id
        for one in asks
        for node in nodes_of(ast.Attribute, one)
        if isinstance(node.value, ast.Name)
        if node.attr in COUNTS
    }
    calls = [*calls_in(*body)]
    return [
        call
        for call in calls
        if _begins(call, 0) < until
        for given in (*call.args, *(one.value for one in call.keywords))
        if isinstance(given, ast.Name) and given.id in names
    ]


def _heads(statement: ast.stmt) -> Iterator[ast.AST]:
    if not hasattr(statement, "body"):
        yield statement
        return
    for name in ("test", "iter", "subject"):
        if (part := getattr(statement, name, None)) is not None:
            yield part
    yield from getattr(statement, "items", ())


def _given(body: Iterable[ast.stmt], line: int) -> Iterator[tuple[set[str], ast.AST]]:
    """Yield the names that are assigned up to *line*, each with its value."""
    for one in assignments_in(*body):
        if one.how in ("assigned", "entered", "iterated") and one.line <= line:
            yield names_in(one.target), one.value


def _uses(
    nodes: Iterable[ast.AST], env: Scope, where: tuple[str, Scope], depth: int, asked: _Asked
) -> Iterator[Use]:
    for node in (n for one in nodes for n in idle_nodes.nodes_except(one, asked.idle)):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield from _read(node, env, where, depth)
        elif isinstance(node, ast.Call) and depth < DEEPEST:
            for function in _called(node, env):
                if asked.enters(function):
                    inner, space, there = _inside(function, node, env)
                    yield from _uses(asked.body(inner), space, there, depth + 1, asked)


def _read(
    node: ast.Name | ast.Attribute, env: Scope, where: tuple[str, Scope], depth: int
) -> Iterator[Use]:
    """Yield the global that *node* reads, from its own module or the module that it names."""
    if isinstance(node, ast.Name):
        if _is_global(node.id, env, where[1]):
            yield Use(where[1], node.id, where[0], (where[0], node.lineno), depth)
        return
    owner = made_objects.of(node.value, env)
    if objects.is_module(owner) and node.attr in vars(owner):
        file = vars(owner).get("__file__")
        home = file if type(file) is str else ""
        yield Use(vars(owner), node.attr, home, (where[0], node.lineno), depth)
    elif meaning.known(owner) and not made_objects.is_new(owner) and depth < DEEPEST:
        yield from _kept_in(owner, node.attr, depth + 1)


def _kept_in(owner: object, attribute: str, depth: int) -> Iterator[Use]:
    """Yield the global that a method of *owner* put into what its *attribute* is now."""
    now = objects.attribute(owner, attribute)
    if type(now) is not FunctionType and not objects.is_a(now, type):
        return  # numbers and texts may be equal by chance
    kind = objects.type_name(owner).rpartition(".")[2]
    for _, method in attribute_origins.methods_of(type(owner)):
        if project_files.owner(method.__code__.co_filename) != "user":
            continue
        held = cast("dict[str, object]", method.__globals__)
        for value in attribute_origins.given_by(method, attribute):
            if meaning.of(value, method) is now and isinstance(value, ast.Name | ast.Attribute):
                for use in _read(value, held, (method.__code__.co_filename, held), depth):
                    yield replace(use, keeper=(kind, attribute))


def _is_global(name: str, env: Scope, held: Scope) -> bool:
    own = env.maps[0] if isinstance(env, ChainMap) else {}
    return name not in own and name in held


def _called(node: ast.Call, env: Scope) -> Iterator[FunctionType]:
    """Yield the user functions that a call may run."""
    thing = made_objects.of(node.func, env)
    if objects.is_a(thing, type):
        things = [objects.class_dict(k).get("__init__") for k in objects.mro(thing)]
    else:
        things = [thing]
    for one in things:
        function = objects.function_of(one)
        if function is not None and project_files.owner(function.__code__.co_filename) == "user":
            yield function


def _inside(
    function: FunctionType, call: ast.Call | None, env: Scope
) -> tuple[list[ast.stmt], Scope, tuple[str, Scope]]:
    """Return the body of *function*, and the values of its names as far as the call shows them."""
    code = function.__code__
    block = parsed_files.function_of(code)
    own = meaning.own_in_call(function, {})
    if call is not None:
        own.update(made_objects.arguments(function, call, env))
        if parameters.first(code) == "self":
            own["self"] = _called_on(call, env)
        elif parameters.first(code) == "cls":
            owner = _called_on(call, env)
            own["cls"] = owner if objects.is_a(owner, type) else objects.UNKNOWN
    held = cast("dict[str, object]", function.__globals__)
    space = ChainMap(own, held)
    own.update(made_objects.made_in(block, space) if block else {})
    return (block.body if block else []), space, (code.co_filename, held)


def _called_on(call: ast.Call, env: Scope) -> object:
    """Return the object that a method is called on; for a class, the instance it creates."""
    made = made_objects.of(call, env)
    if type(made) is made_objects.Made and made.call is call:
        return made
    if not isinstance(call.func, ast.Attribute):
        return objects.UNKNOWN
    return made_objects.of(call.func.value, env)


# What certainly ran


def _sure(
    nodes: Iterable[ast.AST],
    env: Scope,
    where: tuple[str, Scope],
    depth: int,
    asked: _Asked,
    until: Spot | None = None,
) -> Generator[Use, None, bool]:
    """Yield what was read on every path through *nodes*: we assume that no branch runs.

    Return whether the code after them also runs on every path.
    """
    for one in nodes:
        if until is not None and _begins(one, 0) >= until:
            return False
        if isinstance(one, _BLOCKS) or id(one) in asked.idle:
            continue
        if isinstance(one, ast.stmt) and hasattr(one, "body"):
            yield from _sure_parts(_heads(one), env, where, depth, asked)
            if isinstance(one, ast.With | ast.AsyncWith | ast.Try):
                if not (yield from _sure(one.body, env, where, depth, asked, until)):
                    return False
                continue
            if isinstance(one, ast.For) and made_objects.runs(one.iter, env):
                yield from _sure(one.body, env, where, depth, asked, until)
            if has_node(_LEAVES, one):
                return False
        else:
            yield from _sure_parts([one], env, where, depth, asked)
            if isinstance(one, _LEAVES):
                return False
    return True


def _sure_parts(
    nodes: Iterable[ast.AST], env: Scope, where: tuple[str, Scope], depth: int, asked: _Asked
) -> Iterator[Use]:
    counting = [one for one in nodes if id(one) not in asked.idle]
    for node in made_objects.always_evaluated(counting, env):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield from _read(node, env, where, depth)
        elif isinstance(node, ast.Call) and depth < DEEPEST:
            for function in _called(node, env):
                if asked.enters(function):
                    body, space, there = _inside(function, node, env)
                    yield from _sure(asked.body(body), space, there, depth + 1, asked)
