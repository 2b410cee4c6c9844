"""The value of an expression, also if it creates an object that nothing refers to.

Nothing is left of `Cart(store).add(5).total("EUR")` when its value is wrong. But the class is
known, and so is what its `__init__` did with the arguments. Nothing is run. For objects that exist,
use `callees`.
"""

from __future__ import annotations

import ast
import inspect
from abc import ABCMeta
from collections import ChainMap, deque
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import field
from functools import partial
from itertools import chain
from types import CodeType, FunctionType, MemberDescriptorType, MethodType
from typing import cast

from loopcheck.light import dataclass
from loopcheck.process import objects, parameters
from loopcheck.process.objects import UNKNOWN
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.assignments import assignments_of
from loopcheck.source.nodes import is_text, results_of
from loopcheck.source.values import meaning, plain_properties

Scope = Mapping[str, object]
DEEPEST = 5  # attributes to follow through what `__init__` stored
_COLLECTIONS = (list, tuple, set, frozenset, dict, str, deque)
_ALIKE = ("enumerate", "list", "reversed", "set", "sorted", "tuple")  # as long as their argument
_VIEWS = ("items", "keys", "values")
_CONSUMERS = ("all", "any", "dict", "list", "max", "min", "set", "sorted", "sum", "tuple")
_DISPLAYS = {ast.List: list, ast.Tuple: tuple, ast.Set: set}
_EMPTIES = ("clear", "discard", "pop", "popitem", "popleft", "remove")  # may leave it empty


@dataclass(frozen=True, eq=False)
class Made:
    """The instance that a call of a class returns, without creating it."""

    kind: type
    call: ast.Call
    env: Scope  # the values of the call's names
    attributes: dict[str, object] = field(default_factory=dict)  # those read so far


@dataclass(frozen=True, eq=False)
class Listed:
    """The container that an expression creates: `[first, second]`."""

    kind: type
    size: int  # at least


@dataclass(frozen=True, eq=False)
class Above:
    """What `super()` gives in a method of *kind*."""

    kind: type
    instance: object


def kind_of(thing: object) -> type:
    """Return the class of *thing*, or of the object that it stands for."""
    return thing.kind if isinstance(thing, Made | Listed) else type(thing)


def is_new(thing: object) -> bool:
    """Return whether *thing* only stands for an object: there is none that could be looked at."""
    if type(thing) is MethodType:
        thing = thing.__self__
    return type(thing) in (Made, Listed, Above)


def of(node: ast.AST, env: Scope, depth: int = 0) -> object:
    """Return the value of *node*: an existing object, or a `Made`; else UNKNOWN or ABSENT."""

    def made(node: ast.AST) -> object:
        match node:
            case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]):
                return _above(env)
            case ast.Call():
                return _of_call(node, env, depth)
            case ast.Await(value=ast.Call() as call):
                return _of_call(call, env, depth, awaited=True)
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                starred = any(isinstance(one, ast.Starred) for one in parts)
                return UNKNOWN if starred else Listed(_DISPLAYS[type(node)], len(parts))
            case ast.Dict(keys=keys):
                return UNKNOWN if None in keys else Listed(dict, len(keys))
        return UNKNOWN

    member, part = partial(_member, depth=depth), plain_properties.part
    return meaning.of(node, env, attribute=member, part=part, other=made)


def _above(env: Scope) -> object:
    """Return what `super()` gives: Python keeps the class of a method as its `__class__`."""
    kind, code = env.get("__class__"), env.get(meaning.CODE)
    own = parameters.first(code) if type(code) is CodeType else None
    instance = env.get(own, UNKNOWN) if own is not None else UNKNOWN
    known = objects.is_a(kind, type) and meaning.known(instance)
    return Above(cast("type", kind), instance) if known else UNKNOWN


def _of_call(call: ast.Call, env: Scope, depth: int, *, awaited: bool = False) -> object:
    owner: object = UNKNOWN
    if isinstance(call.func, ast.Attribute):
        # Once for each link: otherwise we would follow a chain of twenty calls a million times.
        owner = of(call.func.value, env, depth)
        known = meaning.known(owner)
        thing = _member(owner, call.func.attr, depth) if known else UNKNOWN
    else:
        thing = of(call.func, env, depth)
    if objects.is_a(thing, type):
        return Made(thing, call, env) if not awaited else UNKNOWN
    function = thing.__func__ if type(thing) is MethodType else thing
    if type(function) is not FunctionType or depth >= DEEPEST:
        return UNKNOWN
    if bool(function.__code__.co_flags & inspect.CO_COROUTINE) != awaited:
        return UNKNOWN
    if _gives_self(function) and meaning.known(owner):
        return owner
    if (result := _only_result(function.__code__)) is None:
        return UNKNOWN
    given = arguments(function, call, env, depth + 1)
    if type(thing) is MethodType and (own := parameters.first(function.__code__)) is not None:
        given[own] = thing.__self__
    return of(result, meaning.in_call(function, given), depth + 1)


@parsed_files.kept(256)
def _only_result(code: CodeType) -> ast.expr | None:
    """Return `self.pool`, or `Pool(size)`, if a user function does nothing but return that."""
    users = project_files.owner(code.co_filename) == "user"
    block = parsed_files.function_of(code) if users else None
    match [one for one in block.body if not is_text(one)] if block is not None else []:
        case [
            ast.Return(value=ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call() as value)
        ]:
            return value
    return None


def _gives_self(function: FunctionType) -> bool:
    """Return whether a method returns the object that it is called on: `return self`."""
    block = _block(function)
    if not isinstance(block, ast.FunctionDef) or block.decorator_list:
        return False
    given = [*results_of(block)]
    own = parameters.first(function.__code__)
    return bool(given) and all(isinstance(one, ast.Name) and one.id == own for one in given)


def _block(function: FunctionType) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    code = function.__code__
    return parsed_files.function_of(code)


# The attributes of an object that was not created here


def _member(owner: object, name: str, depth: int) -> object:
    if type(owner) is Above:
        mine = objects.is_a(owner.instance, type)
        kind = cast("type", owner.instance) if mine else kind_of(owner.instance)
        order = objects.mro(kind)
        below = next((at for at, one in enumerate(order) if one is owner.kind), len(order))
        above = order[below + 1 :]
        return _method(above, name, None if mine else owner.instance, kind)
    if type(owner) is Listed:
        return UNKNOWN
    if type(owner) is not Made:
        return plain_properties.attribute(owner, name)
    found = _method(objects.mro(owner.kind), name, owner, owner.kind)
    if found is not UNKNOWN:
        return found
    by_class = _by_class(objects.mro(owner.kind), name)
    if depth >= DEEPEST:
        return UNKNOWN
    if type(by_class) is property:
        return _of_property(by_class, owner, depth + 1)
    if name not in owner.attributes and not _descriptor(by_class):
        # Each time the same one: reads and writes are compared by the identity of the object.
        owner.attributes[name] = _kept(owner, name, depth + 1)
    return owner.attributes.get(name, UNKNOWN)


def _of_property(found: property, owner: Made, depth: int) -> object:
    getter = found.fget
    result = _only_result(getter.__code__) if type(getter) is FunctionType else None
    if type(getter) is not FunctionType or result is None:
        return UNKNOWN
    own = parameters.first(getter.__code__)
    return of(result, meaning.in_call(getter, {own: owner} if own is not None else {}), depth)


def _by_class(kinds: Iterable[type], name: str) -> object:
    spaces = map(objects.class_dict, kinds)
    return next((one[name] for one in spaces if name in one), UNKNOWN)


def _method(kinds: Iterable[type], name: str, instance: object, kind: type) -> object:
    """Return the method that an instance of *kind* has by its classes, bound as Python would."""
    found = _by_class(kinds, name)
    if type(found) is FunctionType:
        return MethodType(found, instance) if instance is not None else found
    if type(found) is classmethod:
        return MethodType(found.__func__, kind)
    if type(found) is staticmethod:
        return found.__func__
    return found if objects.function_of(found) is not None else UNKNOWN


def _descriptor(found: object) -> bool:
    """Return whether a class attribute overrides the stored value; a slot does not."""
    spaces = (objects.class_dict(kind) for kind in objects.mro(type(found)))
    return type(found) is not MemberDescriptorType and any("__get__" in one for one in spaces)


def _kept(made: Made, name: str, depth: int) -> object:
    """Return what `__init__` assigns to `self.<name>`, if no other line of the class changes it."""
    function, every = _init(made.kind), _changes(made.kind, name)
    if function is None or every is None:
        return UNKNOWN
    changes = [one for one in every if isinstance(one, ast.Attribute)]
    given = arguments(function, made.call, made.env, depth)
    if function.__code__.co_filename == "<string>":  # of a dataclass
        return given.get(name, UNKNOWN) if not changes else UNKNOWN
    block = _block(function)
    steps = block.body if block is not None and len(changes) == 1 else []
    for one in chain.from_iterable(map(assignments_of, steps)):
        if one.target is changes[0] and one.how == "assigned":
            found = of(one.value, _inside(function, made, given), depth)
            return Listed(found.kind, 0) if type(found) is Listed and len(every) > 1 else found
    return UNKNOWN


def _inside(function: FunctionType, made: Made, given: dict[str, object]) -> Scope:
    return meaning.in_call(function, {**given, "self": made})


def _init(kind: type) -> FunctionType | None:
    """Return the user's `__init__`, or a dataclass's, if nothing else creates the object."""
    spaces = [objects.class_dict(one) for one in objects.mro(kind)]
    found = next((one["__init__"] for one in spaces if "__init__" in one), None)
    others = any("__new__" in one for one in spaces[:-1]) or type(kind) not in (type, ABCMeta)
    if type(found) is not FunctionType or others or parameters.first(found.__code__) != "self":
        return None
    file = found.__code__.co_filename
    fields = any("__dataclass_fields__" in one for one in spaces)
    after = any("__post_init__" in one for one in spaces)
    plain = file == "<string>" and fields and not after
    return found if plain or project_files.owner(file) == "user" else None


def _changes(kind: type, name: str) -> list[ast.AST] | None:
    """Return what sets or may empty the attribute in the class, None if its lines are unknown."""
    found: list[ast.AST] = []
    for one in objects.mro(kind):
        if (file := objects.users_class(one)) is None:
            continue
        block = parsed_files.class_named(file, str(type.__dict__["__qualname__"].__get__(one)))
        if block is None:
            return None
        found += [node for node in ast.walk(block) if _changed(node) == f".{name}"]
    return found


def _changed(node: ast.AST) -> str | None:
    """Return what *node* reassigns, or may empty: "hosts", for any object ".hosts"."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return name
        case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
            return f".{name}"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=does)) if does in _EMPTIES:
            return name
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=name), attr=does)) if (
            does in _EMPTIES
        ):
            return f".{name}"
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name
        case ast.Subscript(value=ast.Attribute(attr=name), ctx=ast.Store() | ast.Del()):
            return f".{name}"
    return None


def arguments(
    function: FunctionType, call: ast.Call, env: Scope, depth: int = 0
) -> dict[str, object]:
    """Return the argument that *call* passes for each parameter of *function*, as far as known."""
    code = function.__code__
    names = parameters.named(code)
    places = list(parameters.positional(code))
    if places[:1] in (["self"], ["cls"]):
        places = places[1:]
    passed = calls.by_parameter(call, places)
    given = {name: of(passed[name], env, depth) for name in names if name in passed}
    block = _block(function)
    changed = {_changed(node) for node in ast.walk(block)} if block is not None else set()
    return {name: value for name, value in given.items() if name not in changed}


def made_in(block: ast.AST, env: Scope) -> dict[str, object]:
    """Return the names that a function assigns new objects to, each once: `shop = Shop()`."""
    changed = [_changed(node) for node in ast.walk(block)]
    if any(name is not None and name.startswith(".") for name in changed):
        return {}  # it may have changed one of its new objects
    found: dict[str, object] = {}
    space = ChainMap(found, cast("dict[str, object]", env))
    for node in getattr(block, "body", []):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                made = of(call, space) if changed.count(name) == 1 else UNKNOWN
                if type(made) is Made:
                    found[name] = made
    return found


# Loops that certainly run


def runs(node: ast.expr, env: Scope) -> bool:
    """Return whether a loop over *node* certainly runs: what it iterates is not empty."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[inner]) if name in _ALIKE:
            return runs(inner, env)
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=[]) if name in _VIEWS:
            return runs(inner, env)
        case ast.Call(func=ast.Name(id="range"), args=[inner]):
            last = of(inner, env)
            return type(last) is int and last > 0
    thing = of(node, env)
    if type(thing) is Listed:
        return thing.size > 0
    return type(thing) in _COLLECTIONS and len(cast("Sized", thing)) > 0


def each_time(node: ast.expr, env: Scope) -> Iterator[ast.expr]:
    """Yield what a comprehension evaluates for each item, if it certainly runs."""
    match node:
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            first, *more = node.generators
            if more or first.ifs or first.is_async or not runs(first.iter, env):
                return
            own = [one.id for one in ast.walk(first.target) if isinstance(one, ast.Name)]
            if any(meaning.known(env.get(name, UNKNOWN)) for name in own):
                return  # we would take its names for others of that name
            yield from [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]


def consumed(node: ast.AST) -> Iterator[ast.GeneratorExp]:
    """Yield the generators in the arguments of *node* that it runs: `gather(*(…))`, `list(…)`."""
    match node:
        case ast.Starred(value=ast.GeneratorExp() as inner):
            yield inner
        case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp() as inner]):
            if name in _CONSUMERS:
                yield inner


def always_evaluated(nodes: Iterable[ast.AST], env: Scope) -> Iterator[ast.AST]:
    """Yield the parts of expressions that Python evaluates in any case."""
    todo = list(nodes)
    while todo:
        node = todo.pop()
        yield node
        for run in consumed(node):
            todo += each_time(run, env)
        match node:
            case ast.Lambda():
                continue
            case ast.IfExp(test=test):
                todo.append(test)
            case ast.BoolOp(values=values):
                todo.append(values[0])
            case ast.GeneratorExp(generators=[first, *_]):
                todo.append(first.iter)
            case ast.ListComp() | ast.SetComp() | ast.DictComp():
                todo += [node.generators[0].iter, *each_time(node, env)]
            case _:
                todo += ast.iter_child_nodes(node)
