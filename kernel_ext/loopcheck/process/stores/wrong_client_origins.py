"""Which line passed the wrong object where a client is needed, and the object's name there."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from types import CoroutineType, FunctionType, MethodType, ModuleType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import objects, parameters
from loopcheck.process.failure import Step
from loopcheck.process.stores import wrong_client_makers
from loopcheck.records import Place, StandInKind
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.source import calls, modules, parsed_files, project_files, user_code
from loopcheck.source.assignments import assigned_values, assignments_in
from loopcheck.source.modules import files
from loopcheck.source.nodes import calls_in, nodes_of, results_of
from loopcheck.source.values import meaning

CLIENT_NAMES = frozenset({"client", "conn", "connection", "redis", "valkey", "session", "pool"})


def find(
    thing: object, kind: StandInKind, users: Sequence[Step], item: Any, labels: Labels
) -> tuple[Place | None, bool, str | None]:
    """Return the line to change, whether *thing* was an argument, and its name in user code."""
    first = users[0].frame
    taken = (name for name in parameters.named(first.f_code) if name != "self")
    handed = any(_meant(first.f_locals.get(name), thing) for name in taken)
    made = _first(_assigned, users, thing, labels)
    passed = _first(_passing, users, thing, labels)
    given = _fixture(thing, kind, item, labels)
    if given is not None and kind == "function" and passed is None:
        given = _passed_on(given, item, labels) or given
    if made is not None and kind not in ("wrapper", "provider"):
        return made[0], handed, made[1]
    if given is not None and (
        passed is None
        or kind == "sync client"
        or given[1] in CLIENT_NAMES
        or not _meant_so(given[1], thing, item)
    ):
        return given[0], handed or passed is not None, given[1]
    found = passed or made
    if found is not None:
        return found[0], handed or found is passed, found[1]
    name = _name(thing, users[0])
    if name is not None and name.startswith("self."):  # the code that created its keeper passed it
        owner = first.f_locals.get("self")
        keeper = _fixture(owner, kind, item, labels)
        if keeper is not None and not _made_inside(owner, name, thing):
            dropped = _not_awaited(keeper[1], thing, item, labels)
            entered = _entered_in(thing, labels) if kind == "function" else None
            return dropped or entered or _made_once(owner, labels) or keeper[0], True, name
        if kind == "wrapper" and _keeps_argument(owner, name):
            maker = _made_once(owner, labels)
            if maker is not None:  # not the line that creates the wrapper: that one is right
                return maker, handed, name
    if handed and len(users) > 1 and _calls(users[1], first.f_code.co_name):
        return users[1].place(labels), handed, name
    return _made_at(thing, kind, name, users[0], item, labels), handed, name


def spelled(said: str, thing: object, place: Place, labels: Labels) -> str | None:
    """Return the text for *thing* on the line at *place*: *said*, or the call that creates it.

    None if the line has neither: a parameter's name means nothing to the caller that passes it.
    """
    kind, made = type(thing).__name__, set[str]()
    file = next((one for one in files() if labels.file(one) == place.file), None)
    for node in parsed_files.nodes_at(file, place.line) if file is not None else ():
        if node.lineno != place.line:
            continue
        if ast.unparse(node) == said:
            return said
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == kind:
            given = "…" if node.args or node.keywords else ""
            made.add(f"{ast.unparse(node.func)}({given})")
    return made.pop() if len(made) == 1 else None


def _calls(step: Step, name: str) -> bool:
    """Return whether the line of *step* itself calls *name*, and not a framework for it."""
    there = parsed_files.covering(step.frame.f_code.co_filename, step.line, step.span)
    return any(isinstance(one, ast.Call) and calls.last(one.func) == name for one in there)


def _made_at(
    thing: object, kind: StandInKind, name: str | None, step: Step, item: Any, labels: Labels
) -> Place | None:
    """Return the line that creates *thing*, or the failing one if that is the one to change."""
    owner = step.frame.f_locals.get("self")
    if kind in ("function", "class", "fixture") and name is not None and "." not in name:
        return step.place(labels)  # it names the wrong object
    if kind == "wrapper" and name is not None and _made_inside(owner, name, thing):
        return step.place(labels)
    if name is not None and _meant(step.frame.f_globals.get(name), thing):
        file = step.frame.f_code.co_filename
        tree = parsed_files.tree(file)
        line = parsed_files.own_lines(tree, name) if tree is not None else None
        if line is not None:
            return Place(labels.file(file), line, name)
    return wrong_client_makers.find(thing, item, labels)


def _entered_in(thing: object, labels: Labels) -> Place | None:
    """Return the only line in user modules that passes the function itself, to a container.

    `Depends(get_client)` is right: FastAPI calls it.
    """
    found = []
    for name, module in list(sys.modules.items()):
        file = vars(module).get("__file__") if type(module) is ModuleType else None
        if type(file) is not str or not any(one is thing for one in list(vars(module).values())):
            continue
        tree = parsed_files.tree(file) if project_files.owner(file, name) == "user" else None
        for node in calls_in(tree):
            if not ast.unparse(node.func).endswith("Depends"):
                given = [*node.args, *(one.value for one in node.keywords)]
                # `Service(PARTS["client"])` only passes on what another line put in.
                named = [one for one in given if isinstance(one, ast.Name | ast.Attribute)]
                lines = [one.lineno for one in named if meaning.of(one, vars(module)) is thing]
                found += [Place(labels.file(file), line) for line in lines]
    return found[0] if len(found) == 1 else None


def _made_once(owner: object, labels: Labels) -> Place | None:
    """Return the only line in user modules that creates an object of *owner*'s class."""
    kind, found = type(owner), []
    for space, file, tree in modules.trees_with(kind.__name__, lambda value: value is kind):
        for node in calls_in(tree):
            if meaning.of(node.func, space.held) is kind:
                given = [*node.args, *(one.value for one in node.keywords)]
                line = given[0].lineno if len(given) == 1 else node.lineno
                found.append(Place(labels.file(file), line, kind.__name__))
    return found[0] if len(found) == 1 else None


def _made_inside(owner: object, name: str, thing: object) -> bool:
    """Return whether the class of *owner* creates *thing* as *name*: then no caller passed it."""
    for base in objects.mro(type(owner)):
        filename = objects.users_class(base)
        block = parsed_files.class_named(filename, base.__qualname__) if filename else None
        made = [one for one in assigned_values(name, block) if isinstance(one, ast.Call)]
        if made:
            return ast.unparse(made[0].func).rpartition(".")[2] == type(thing).__name__
    return False


def _keeps_argument(owner: object, name: str) -> bool:
    """Return whether the class of *owner* stores an argument as *name*."""
    init = next((objects.class_dict(k).get("__init__") for k in objects.mro(type(owner))), None)
    code = init.__code__ if type(init) is FunctionType else None
    block = parsed_files.function_of(code) if code else None
    return any(isinstance(one, ast.Name) for one in assigned_values(name, block))


def _meant_so(name: str, thing: object, item: Any) -> bool:
    """Return whether tests use the fixture *name* as what it is: by its own methods, or a call."""
    path = str(getattr(item, "path", ""))
    tree = parsed_files.tree(path) if path else None
    own = {one for kind in objects.mro(type(thing)) for one in objects.class_dict(kind)}
    for block in nodes_of((ast.FunctionDef, ast.AsyncFunctionDef), tree):
        if name not in [one.arg for one in block.args.args]:
            continue
        for node in nodes_of((ast.Attribute, ast.Call), block):
            match node:
                case ast.Attribute(value=ast.Name(id=said), attr=attr):
                    if said == name and attr in own:
                        return True
                case ast.Call(func=ast.Name(id=said)) if said == name:
                    return True
    return False


def _first(
    look: Callable[[Step, object], tuple[int, str] | None],
    users: Sequence[Step],
    thing: object,
    labels: Labels,
) -> tuple[Place, str] | None:
    for step in users:
        if (found := look(step, thing)) is not None:
            code = step.frame.f_code
            return Place(labels.file(code.co_filename), found[0], code.co_name), found[1]
    return None


def _meant(value: object, thing: object) -> bool:
    """Return whether *value* is *thing*, or a method whose function is *thing*."""
    return value is thing or (type(value) is MethodType and value.__func__ is thing)


def _name(thing: object, step: Step) -> str | None:
    named = [name for name, value in step.frame.f_locals.items() if _meant(value, thing)]
    if named:
        return named[0]
    held = step.frame.f_locals.get("self")
    for attribute, value in objects.steps(held) if held is not None else ():
        if _meant(value, thing) and attribute[:1] == ".":
            return f"self{attribute}"
    return next((n for n, value in step.frame.f_globals.items() if _meant(value, thing)), None)


def _passing(step: Step, thing: object) -> tuple[int, str] | None:
    """Return the line of *step*'s function that passes *thing* to a call, and its name there."""
    code = step.frame.f_code
    functions = parsed_files.enclosing(code.co_filename, step.line)
    # Without the signature: `client=Depends(client)` runs before there is a frame.
    body = functions[0].body if functions and code.co_name != "<module>" else []
    for node in calls_in(*body):
        if node.lineno <= step.line:
            for argument in [*node.args, *(one.value for one in node.keywords)]:
                if _says(argument, step, thing):
                    return argument.lineno, ast.unparse(argument)
    return None


def _says(node: ast.expr, step: Step, thing: object) -> bool:
    """Return whether *node* evaluates to *thing*, or to the method whose function it is."""
    if _meant(meaning.of(node, step.frame), thing):
        return True
    if not isinstance(node, ast.Attribute) or type(thing) is not FunctionType:
        return False
    owner = meaning.of(node.value, step.frame)
    kinds = objects.mro(type(owner)) if meaning.known(owner) else ()
    return any(objects.class_dict(kind).get(node.attr) is thing for kind in kinds)


def _assigned(step: Step, thing: object) -> tuple[int, str] | None:
    code = step.frame.f_code
    functions = parsed_files.enclosing(code.co_filename, step.line)
    given = parameters.named(code)
    for name, value in list(step.frame.f_locals.items()):
        if _meant(value, thing) and functions and name not in given:
            line = parsed_files.assigned(functions[0], name)
            if line is not None:
                return line, name
    return None


def _fixture(
    thing: object, kind: StandInKind, item: Any, labels: Labels
) -> tuple[Place, str] | None:
    """Return the line in a fixture that returns *thing* to tests, or passes it on."""
    definitions = fixtures.definitions(item) if item is not None else {}
    names = [
        name for name, one in definitions.items() if _meant(fixture_tables.value_of(one), thing)
    ]
    for name in names:
        code = user_code.fixture(definitions[name])
        if code is None or project_files.owner(code.co_filename) != "user":
            continue
        block = parsed_files.function_of(code)
        made = parsed_files.made_in(block) if block is not None and kind == "sync client" else None
        if made is not None:
            return Place(labels.file(code.co_filename), made, name), name
        for one in results_of(block):
            return Place(labels.file(code.co_filename), one.lineno, name), name
    return None


def _passed_on(given: tuple[Place, str], item: Any, labels: Labels) -> tuple[Place, str] | None:
    """Return where a fixture passes on the function that another fixture returns on purpose."""
    blocks = dict(_blocks(item))
    mine = next((one for name, (_, one) in blocks.items() if name == given[1]), None)
    inner = (ast.FunctionDef, ast.AsyncFunctionDef)
    if mine is None or not any(isinstance(one, inner) for one in mine.body):
        return None
    found = [
        (Place(labels.file(file), argument.lineno, name), given[1])
        for name, (file, block) in blocks.items()
        for node in calls_in(block)
        for argument in (*node.args, *(one.value for one in node.keywords))
        if isinstance(argument, ast.Name) and argument.id == given[1]
    ]
    return found[0] if len(found) == 1 else None


def _not_awaited(fixture: str, thing: object, item: Any, labels: Labels) -> Place | None:
    """Return the line of *fixture* that creates the coroutine which it passes to the keeper."""
    file, block = dict(_blocks(item)).get(fixture, ("", None))
    name = thing.__name__ if type(thing) is CoroutineType else None
    for one in assignments_in(block):
        made = one.value.func if isinstance(one.value, ast.Call) else None
        if one.how == "assigned" and name is not None and calls.last(made) == name:
            return Place(labels.file(file), one.line, fixture)
    return None


Block = ast.FunctionDef | ast.AsyncFunctionDef


def _blocks(item: Any) -> Iterator[tuple[str, tuple[str, Block]]]:
    """Yield the fixtures of *item* that are user code: name, file and function."""
    for name, one in fixtures.definitions(item).items() if item is not None else ():
        code = user_code.fixture(one)
        if code is not None and project_files.owner(code.co_filename) == "user":
            block = parsed_files.function_of(code)
            if block is not None:
                yield name, (code.co_filename, block)
