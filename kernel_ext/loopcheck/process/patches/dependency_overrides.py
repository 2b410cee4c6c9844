"""FastAPI dependency overrides: the parameters they demand of a request, and their results."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Sequence
from types import (
    AsyncGeneratorType,
    CodeType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    ModuleType,
)
from typing import Literal, cast

from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass
from loopcheck.process import objects, parameters
from loopcheck.process.doubles import doubles
from loopcheck.process.failure import Link, Step
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.patches import patch_origins, patch_records, served_functions
from loopcheck.records import Place, WrongOverride
from loopcheck.source import modules, parsed_files
from loopcheck.source.assignments import assigned_values
from loopcheck.source.nodes import calls_in, nodes_of, results_of, spans_line
from loopcheck.source.values import asserted_values, meaning

ROUTES = 2_000  # most routes of one app
How = Literal["parameters", "generator", "coroutine", "context", "factory", "maker", "key"]


@dataclass(frozen=True, eq=False)
class Override:
    """One entry of `app.dependency_overrides`. Lives only while the probe runs."""

    app: object
    key: object
    value: object


def read(links: Sequence[Link], labels: Labels) -> WrongOverride | None:
    """Return the override that FastAPI could not use as intended, None if there is none."""
    if type(sys.modules.get("fastapi.applications")) is not ModuleType or not links:
        return None
    found = list(in_place(links))
    for link in links:
        users = link.users[::-1]
        for look in (_parameters, _context, _handed, _unheard):
            for one in found:
                if users and (seen := look(one, link, users)) is not None:
                    how, sure, parameters = seen
                    return _record(one, how, users, labels, sure=sure, parameters=parameters)
    users = (links[-1].users or links[0].users)[::-1]
    for one in found:
        meant = _like_named(one)
        if meant is not None and users:
            return _record(one, "key", users, labels, meant=meant)
    return None


# The overrides in place


def in_place(links: Sequence[Link]) -> Iterator[Override]:
    """Yield the overrides of the apps that the failing lines use, or that user modules have."""
    seen: set[int] = set()
    for app in served_functions.apps(links):
        kept = objects.peek(app, "dependency_overrides")
        if id(app) not in seen and type(kept) is dict:
            seen.add(id(app))
            yield from (Override(app, key, value) for key, value in list(kept.items()))


def _asked(app: object) -> Iterator[object]:
    """Yield the functions that the routes of *app* depend on."""
    todo = [objects.peek(app, "router")]
    count, seen = 0, set[int]()
    while todo and count < ROUTES:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        count += 1
        routes = objects.peek(one, "routes") or objects.peek(one, "_routes")
        todo += list(routes) if type(routes) is list else []
        for name in ("app", "router", "original_router", "dependant", "original_route"):
            todo.append(objects.peek(one, name))
        inner = objects.peek(one, "dependencies")
        for each in list(inner) if type(inner) is list else []:
            call = objects.peek(each, "call") or objects.peek(each, "dependency")
            if call is not None:
                yield call
            todo.append(each)


# What went wrong


Seen = tuple[How, bool, tuple[str, ...]]


def _parameters(one: Override, link: Link, users: Sequence[Step]) -> Seen | None:
    """Return the parameters that FastAPI demands of the request because of the override."""
    mine = _required(one.value)
    theirs = _required(one.key)
    own = tuple(name for name in mine if name not in theirs)
    if not own:
        return None
    for said in _refusals(link, users):
        if asked := tuple(name for name in own if name in said):
            return "parameters", True, asked
    any_call = {"args", "kwargs"} <= set(own) or objects.is_mock(one.value)
    failed = objects.is_a(link.error, AssertionError) or objects.is_a(link.error, KeyError)
    if any_call and failed and any(call is one.key for call in _asked(one.app)):
        return ("parameters", False, own) if _requests(users[-1]) else None
    return ("parameters", False, own) if _is_refused(one, own, link, users[-1]) else None


def _is_refused(one: Override, own: Sequence[str], link: Link, step: Step) -> bool:
    """Return whether the failing line looks a key up in what can only be FastAPI's refusal.

    Nothing keeps the response of `(await client.get("/x")).json()["n"]`: the routes and the line
    show that the request had no such parameters.
    """
    if not objects.is_a(link.error, KeyError) or objects.said(link.error) == "detail":
        return False
    if link.trace[-1] is not step or any(map(_brings, patch_origins.made_of(step))):
        return False
    asked = [each for each in served_functions.dependencies(link, step) if each.function is one.key]
    in_path = any("{" + name in each.path for each in asked for name in own)
    return bool(asked) and not in_path


def _brings(made: ast.AST) -> bool:
    """Return whether a request in *made* may have parameters: `params=`, a body, `"/x?n=1"`."""
    calls = [n for n in calls_in(made) if n.args]
    asks = [
        n
        for n in calls
        if isinstance(n.func, ast.Attribute) and n.func.attr in served_functions.METHODS
    ]
    return any(n.keywords or n.args[1:] or "?" in ast.unparse(n.args[0]) for n in asks)


def _required(function: object) -> tuple[str, ...]:
    """Return the names that a request must send for a dependency, as FastAPI reads them."""
    if objects.is_mock(function):
        return ("args", "kwargs")
    mine = _called_for(function)
    if mine is None:
        return ()
    code, found = mine.__code__, _needed(mine)
    rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount :]
    stars = bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)
    noted = mine.__annotations__
    known = [name for name in found if _known(noted.get(name))]
    return tuple(n for n in (*found, *rest[:stars]) if n not in known and n != "self")


def _called_for(thing: object) -> FunctionType | None:
    """Return the function that a call of *thing* runs: itself, `__init__` or `__call__`."""
    if objects.is_a(thing, type):
        return objects.function_of(objects.class_dict(thing).get("__init__"))
    mine = objects.function_of(thing)
    if mine is not None or objects.users_class(type(thing)) is None:
        return mine
    spaces = (objects.class_dict(kind) for kind in objects.mro(type(thing)))
    return objects.function_of(next((one["__call__"] for one in spaces if "__call__" in one), None))


def _needed(function: FunctionType) -> list[str]:
    """Return the parameters of *function* that have no default."""
    given = parameters.defaults(function)
    return [name for name in parameters.named(function.__code__) if name not in given]


def _known(annotation: object) -> bool:
    """Return whether FastAPI itself supplies that value: the request, or a `Depends`."""
    if objects.is_a(annotation, type):
        module = objects.module_of(annotation)
        return module.startswith(("starlette.", "fastapi."))
    return objects.peek(annotation, "__metadata__") is not None


def _refusals(link: Link, users: Sequence[Step]) -> Iterator[set[str]]:
    """Yield the parameter names that a 422 response reports as missing."""
    things = [objects.peek(link.error, "response"), objects.peek(link.error, "_response")]
    things += [value for step in users[-3:] for value in list(step.frame.f_locals.values())]
    for thing in things:
        said = thing
        if type(thing) is not dict:
            content = objects.peek(thing, "_content")
            refused = objects.peek(thing, "status_code") == 422 and type(content) is bytes
            try:
                said = json.loads(cast("bytes", content)) if refused else None
            except ValueError:
                continue
        detail = said.get("detail") if type(said) is dict else None
        missing = [d for d in detail if type(d) is dict] if type(detail) is list else []
        if type(thing) is dict:  # it may be any dict of the test: require FastAPI's own wording
            missing = [d for d in missing if d.get("type") == "missing"]
        yield {str(d["loc"][-1]) for d in missing if type(d.get("loc")) is list and d["loc"]}


def _requests(step: Step) -> bool:
    """Return whether the test sends a request to an app."""
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    calls = [n.func for n in calls_in(*around[:1])]
    methods = ("get", "post", "put", "patch", "delete", "request")
    return any(isinstance(f, ast.Attribute) and f.attr in methods for f in calls)


def _context(one: Override, link: Link, users: Sequence[Step]) -> Seen | None:
    """Return whether the override is a context manager where FastAPI needs a generator."""
    outer = one.value.__code__ if type(one.value) is FunctionType else None
    if outer is None or not outer.co_filename.replace("\\", "/").endswith("/contextlib.py"):
        return None
    said = objects.said(link.error)
    return ("context", True, ()) if "GeneratorContextManager" in said else None


def _handed(one: Override, link: Link, users: Sequence[Step]) -> Seen | None:
    """Return whether the route got what the override created, instead of its result."""
    if not objects.is_a(link.error, AttributeError) and not objects.is_a(link.error, TypeError):
        return None
    mine = objects.function_of(one.value)
    if mine is None or mine.__code__.co_flags & 0x220:  # a generator itself, FastAPI runs it
        return None
    said = {*mine.__code__.co_names, *mine.__code__.co_freevars, *mine.__code__.co_varnames}
    if objects.is_a(link.error, AttributeError):
        things = [AttributeError.__dict__["obj"].__get__(link.error)]
    else:  # a route may legitimately take a function
        there = users[-1].frame.f_locals.values()
        things = [one for one in there if type(one) is not FunctionType]
    for thing in things:
        if _makes(thing) and _gives(mine, thing):
            return "maker", True, ()
        code = _code(thing)
        if code is None:
            continue
        if not (code.co_name in said or _calls(mine, code) or _returns(mine, code)):
            continue
        if type(thing) is CoroutineType:
            awaited = mine.__code__.co_flags & 0x80
            return None if awaited else ("coroutine", True, ())
        return ("factory" if type(thing) is FunctionType else "generator"), True, ()
    return None


def _unheard(one: Override, link: Link, users: Sequence[Step]) -> Seen | None:
    """Return whether a route failed on a generator or a coroutine, and no error reached the test.

    `ASGITransport(raise_app_exceptions=False)` hides the error: the test sees only a 500.
    """
    mine, key = objects.function_of(one.value), objects.function_of(one.key)
    if mine is None or key is None or mine.__code__.co_flags & 0x2A0:  # FastAPI runs it
        return None
    if not _answered_500(users[-1]):
        return None
    given = _returned(mine)
    made = {_flags(node, mine) & 0x2A0 for node in given}
    yields = bool(key.__code__.co_flags & 0x220)  # so the route gets no generator
    how: How = "coroutine" if made == {0x80} else "generator"
    if made != {0x80} and not (yields and made in ({0x200}, {0x20})):
        return None
    asked = served_functions.dependencies(link, users[-1])
    return (how, False, ()) if any(each.function is one.key for each in asked) else None


def _answered_500(step: Step) -> bool:
    """Return whether a response in the failing line shows that the app failed."""
    statement = step.source.statement
    compared = asserted_values.in_statement(step.frame, *filter(None, (statement,)))
    said = [one if type(one) is int else objects.peek(one, "status_code") for one in compared]
    return any(type(one) is int and one == 500 for one in said)


def _flags(node: ast.expr, by: FunctionType) -> int:
    """Return the code flags of the function that *node* calls in *by*: they show its result."""
    called = meaning.of(node.func, by) if isinstance(node, ast.Call) else None
    return called.__code__.co_flags if type(called) is FunctionType else 0


def _calls(function: FunctionType, code: CodeType) -> bool:
    """Return whether an outer name of *function* refers to the function of that *code*."""
    return any(objects.code_of(value) is code for value in _outer(function).values())


def _outer(function: FunctionType) -> dict[str, object]:
    """Return the values of the outer names that *function* uses."""
    own = function.__code__
    held = {name: function.__globals__.get(name) for name in own.co_names}
    return held | objects.closed_over(function)


def _makes(thing: object) -> bool:
    """Return whether *thing* creates sessions or clients: a class, or SQLAlchemy's sessionmaker."""
    return objects.is_a(thing, type) or objects.type_name(thing).endswith("sessionmaker")


def _given_class(value: object) -> str | None:
    """Return the call that would create what the route needs, for a class without `__enter__`."""
    mine = objects.function_of(value)
    for node in _returned(mine) if mine is not None else ():
        kind = meaning.of(node, mine) if mine is not None else None
        if not isinstance(node, ast.Name) or not objects.is_a(kind, type):
            return None
        own = [objects.class_dict(one) for one in objects.mro(kind)]
        if any(name in one for one in own for name in ("__aenter__", "__enter__")):
            return None
        init = objects.function_of(next((o["__init__"] for o in own if "__init__" in o), None))
        needs = init is not None and len(_needed(init)) > 1
        return f"{node.id}(…)" if needs else f"{node.id}()"
    return None


def _given_mock(value: object) -> str | None:
    """Return which part of a mock the route needs: what it returns, if that is set, or all."""
    if not objects.is_mock(value):
        return None
    return "itself" if doubles.given(value) is UNKNOWN else "return_value"


def _gives(function: FunctionType, thing: object) -> bool:
    """Return whether *function* just returns *thing*, by an outer name."""
    given = _returned(function)
    return any(isinstance(one, ast.Name) and meaning.of(one, function) is thing for one in given)


def _returns(function: FunctionType, code: CodeType) -> bool:
    """Return whether *function* returns the lambda of that *code*: `return lambda: Store()`."""
    if code not in function.__code__.co_consts:
        return False
    given = _returned(function)
    return any(isinstance(one, ast.Lambda) and one.lineno == code.co_firstlineno for one in given)


def _returned(function: FunctionType) -> list[ast.expr]:
    """Return the expressions that *function* may return."""
    code = function.__code__
    block = parsed_files.function_of(code)
    lambdas = parsed_files.lambdas(code) if block is None else []
    return [*(one.body for one in lambdas), *results_of(block, (ast.Return,))]


def _code(thing: object) -> CodeType | None:
    if type(thing) is AsyncGeneratorType:
        return thing.ag_code
    if type(thing) is GeneratorType:
        return thing.gi_code
    if type(thing) is CoroutineType:
        return thing.cr_code
    return thing.__code__ if type(thing) is FunctionType else None


def _like_named(one: Override) -> object | None:
    """Return the function that the routes depend on, if the key only has the same name."""
    calls = list(_asked(one.app))
    if any(call is one.key for call in calls):
        return None
    inner = objects.peek(one.key, "dependency")
    if inner is not None and any(call is inner for call in calls):
        return inner
    name = _named(one.key)
    return next((call for call in calls if name is not None and _named(call) == name), None)


def _named(thing: object) -> str | None:
    if type(thing) is FunctionType:
        return thing.__name__
    if objects.is_a(thing, type):
        return str(type.__dict__["__name__"].__get__(thing))
    return None


# The place of the override


def key_of(one: Override) -> str:
    """Return the name of what it overrides: `get_session`."""
    return plain(_keys(one)[0])


def set_at(one: Override, users: Sequence[Step], labels: Labels) -> Place | None:
    """Return the line that sets the override, or that defines it."""
    return _place(one, _keys(one), users, labels) or _defined(_function(one), labels)


def _function(one: Override) -> FunctionType | None:
    function = objects.function_of(one.value)
    if function is None and not objects.is_a(one.value, type):
        function = _called_for(one.value)
    return function


def _keys(one: Override) -> list[str]:
    inner = objects.peek(one.key, "dependency")
    names = [name for name in (_named(one.key), _named(inner)) if name is not None]
    return names or _held_as(one.key) or [objects.type_name(one.key)]


def _record(
    one: Override,
    how: How,
    users: Sequence[Step],
    labels: Labels,
    *,
    sure: bool = True,
    parameters: tuple[str, ...] = (),
    meant: object = None,
) -> WrongOverride:
    function = _function(one)
    made_at = _defined(meant if meant is not None else function, labels)
    return WrongOverride(
        how=how,
        key=key_of(one),
        double=_said(one.value, function),
        type=objects.type_name(one.value).rpartition(".")[2],
        place=set_at(one, users, labels),
        made_at=made_at,
        used_at=users[-1].place(labels),
        parameters=parameters,
        gives=_given_class(one.value) if how == "maker" else _given_mock(one.value),
        meant=_named(meant),
        sure=sure,
    )


def _said(value: object, function: FunctionType | None) -> str:
    if objects.is_a(value, type):
        return f"`{_named(value)}`"
    if objects.function_of(value) is None or function is None or objects.is_mock(value):
        kind = objects.type_name(value).rpartition(".")[2]
        return f"{'an' if kind[:1] in 'AEIOU' else 'a'} {kind}"
    name = function.__name__
    return "a lambda" if name == "<lambda>" else f"`{name}`"


def _defined(thing: object, labels: Labels) -> Place | None:
    function = objects.function_of(thing)
    if function is None:
        return None
    code = function.__code__
    block = parsed_files.function_of(code)
    line = patch_records.def_line(block, code.co_firstlineno)
    return Place(labels.file(code.co_filename), line, code.co_name)


def _held_as(thing: object) -> list[str]:
    """Return the names that user modules have for *thing*, a callable object."""
    held = [
        name for space in modules.spaces() for name, v in list(space.held.items()) if v is thing
    ]
    return list(dict.fromkeys(held))


def _place(
    one: Override, keys: Sequence[str], users: Sequence[Step], labels: Labels
) -> Place | None:
    """Return the line that overrides *keys* with this value, in the test itself if possible."""
    files = [step.frame.f_code.co_filename for step in users]
    files += [file for space in modules.spaces() for file in space.files()]
    code = users[0].frame.f_code
    mine = parsed_files.enclosing(code.co_filename, users[0].line)
    found: list[tuple[int, str, int]] = []
    for file in dict.fromkeys(files):
        if "dependency_overrides" not in parsed_files.text(file):
            continue
        for line, says, value in _settings(file):
            if says.rpartition(".")[2].rstrip(")").rpartition("(")[2] not in keys:
                continue
            own = any(spans_line(b, line) for b in mine)
            own = own and file == code.co_filename
            fits = _fits(value, one.value)
            found.append((-2 * own - fits, file, line))  # a value may be made of another one
    if not found:
        return None
    best = min(found, key=lambda each: each[0])
    return Place(labels.file(best[1]), best[2])


def _settings(file: str) -> Iterator[tuple[int, str, ast.expr]]:
    """Yield the lines of *file* that set an override: line, key, value."""
    module = parsed_files.tree(file)
    for node in nodes_of((ast.Assign, ast.Call), module):
        match node:
            case ast.Assign(targets=[ast.Subscript(value=owner, slice=key)], value=value) if (
                _is_overrides(owner)
            ):
                yield node.lineno, ast.unparse(key), value
            case ast.Assign(targets=[owner], value=table) if _is_overrides(owner):
                yield from _table(table, module)
            case ast.Call(args=[owner, key, value, *_]) if _is_overrides(owner):
                yield node.lineno, ast.unparse(key), value
            case ast.Call(func=ast.Attribute(value=owner, attr="update"), args=[table, *_]) if (
                _is_overrides(owner)
            ):
                yield from _table(table, module)
            case ast.Call(func=ast.Attribute(value=owner), args=[key, value]) if _is_overrides(
                owner
            ):
                yield node.lineno, ast.unparse(key), value
            case ast.Call(args=[owner, ast.Dict() as table, *_]) if _is_overrides(owner):
                yield from _table(table, module)


def _is_overrides(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "dependency_overrides"


def _table(table: ast.expr, module: ast.AST | None) -> Iterator[tuple[int, str, ast.expr]]:
    """Yield the entries of a dict; a named one is looked up in its file."""
    if not isinstance(table, ast.Dict):
        name = ast.unparse(table).rpartition(".")[2]
        for given in assigned_values(name, module):
            if isinstance(given, ast.Dict):
                yield from _table(given, None)
        return
    for key, value in zip(table.keys, table.values, strict=True):
        if key is not None:
            yield key.lineno, ast.unparse(key), value


def _fits(node: ast.expr, value: object) -> bool:
    """Return whether *node* may have produced *value*."""
    function = objects.function_of(value)
    if isinstance(node, ast.Lambda):
        return function is not None and function.__code__.co_firstlineno == node.lineno
    if isinstance(node, ast.Name):
        return node.id == (_named(value) or node.id)
    return objects.is_mock(value) and isinstance(node, ast.Call)
