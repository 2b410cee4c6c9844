"""What an expression means: looked up where names are kept, nothing is run."""

from __future__ import annotations

import ast
import asyncio
import functools
from collections import ChainMap, deque
from collections.abc import Mapping
from types import BuiltinMethodType, CodeType, FrameType, FunctionType, MethodType

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.source import project_files
from loopcheck.source.values import getattr_fallbacks

Env = Mapping[str, object]
MISSING = object()
CONTAINERS = (list, dict, set, deque, bytearray)
PRIMITIVES = (asyncio.Queue, asyncio.Event, asyncio.Future)


@dataclass()
class Method:
    """A function of the user's, and the object that it is called on."""

    function: FunctionType
    of: object


def env_of(frame: FrameType) -> Env:
    """Return what the names of *frame* mean now."""
    return ChainMap(frame.f_locals, frame.f_globals)


def changeable(thing: object) -> bool:
    """Return whether *thing* is a container, a mock or an event: it changes, and stays the same."""
    kinds = (*CONTAINERS, *PRIMITIVES)
    return any(objects.is_a(thing, kind) for kind in kinds) or objects.is_mock(thing)


def called(thing: object) -> object:
    """Return what a call of *thing* runs: a handler may be a method, or an object of a class."""
    if type(thing) is MethodType and type(thing.__func__) is FunctionType:
        return Method(thing.__func__, thing.__self__)
    if thing is MISSING or type(thing) in (Method, FunctionType, BuiltinMethodType):
        return thing
    if objects.is_a(thing, type) or objects.is_mock(thing):
        return thing
    by_class = objects.class_attribute(type(thing), "__call__")
    return Method(by_class, thing) if type(by_class) is FunctionType else thing


def plain(target: object) -> object:
    """Return the function of a method, any other *target* as it is."""
    return target.function if type(target) is Method else target


def of_user(target: object) -> bool:
    """Return whether *target* is a function or method of the user's."""
    function = plain(target)
    return type(function) is FunctionType and (
        project_files.owner(function.__code__.co_filename) == "user"
    )


def given_to(code: CodeType, of: object, call: ast.expr, env: Env) -> dict[str, object]:
    """Return what is known of the arguments."""
    given = [of] if of is not MISSING else []
    keywords: list[ast.keyword] = []
    if isinstance(call, ast.Call):  # else a property
        given += [value(one, env) for one in call.args if not isinstance(one, ast.Starred)]
        keywords = call.keywords
    local = dict(zip(code.co_varnames[: code.co_argcount], given, strict=False))
    local |= {one.arg: value(one.value, env) for one in keywords if one.arg}
    return {name: thing for name, thing in local.items() if thing is not MISSING}


def value(node: ast.AST, env: Env) -> object:
    """Return what *node* means, where that can be looked up; else a mark that nothing equals."""
    if isinstance(node, ast.Name):
        return env.get(node.id, MISSING)
    if isinstance(node, ast.Attribute):
        return kept(value(node.value, env), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        of = value(node.value, env)
        if type(of) is dict and type(node.slice.value) in (str, int):
            return of.get(node.slice.value, MISSING)
    return MISSING


def function(node: ast.AST, env: Env) -> FunctionType | None:
    """Return the function that *node* means, that of a method too."""
    found = plain(called(value(node, env)))
    return found if type(found) is FunctionType else None


def item(node: ast.AST | None, env: Env) -> tuple[object, object] | None:
    """Return the dict and the key of `stats["hits"]`, where both are known."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        of = value(node.value, env)
        if objects.is_a(of, dict) and type(node.slice.value) in (str, int):
            return of, node.slice.value
    return None


def inside(call: ast.Call, env: Env) -> tuple[Env, CodeType] | None:
    """Return what names mean in the function of the user's that *call* runs, and its code."""
    target = called(value(call.func, env))
    function = plain(target)
    if type(function) is not FunctionType or not of_user(function):
        return None
    of = target.of if isinstance(target, Method) else MISSING
    given = given_to(function.__code__, of, call, env)
    return ChainMap(given, objects.closed_over(function), function.__globals__), function.__code__


def known(thing: object) -> bool:
    """Return whether `value` found something."""
    return thing is not MISSING


def kept(of: object, name: str) -> object:
    """Return the attribute as it is kept; a function of its class as a method."""
    if of is MISSING:
        return MISSING
    found = objects.attribute(of, name)
    if found is objects.UNKNOWN:
        found = getattr_fallbacks.kept(of, name)
    if any(found is one for one in (objects.ABSENT, objects.UNKNOWN, getattr_fallbacks.MISSING)):
        return MISSING
    if type(found) is MethodType and type(found.__func__) is FunctionType:
        return Method(found.__func__, found.__self__)
    return found.func if type(found) is functools.partial else found


def getter(node: ast.Attribute, env: Env) -> Method | None:
    """Return the function behind *node*, where that is a property."""
    of = value(node.value, env)
    for kind in objects.mro(type(of)) if of is not MISSING else ():
        found = objects.class_dict(kind).get(node.attr)
        if found is not None:
            getter = found.fget if type(found) is property else None
            return Method(getter, of) if type(getter) is FunctionType else None
    return None
