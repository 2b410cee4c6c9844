"""The function that a call runs, and the values of its names there. Nothing is run."""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Mapping
from types import BuiltinMethodType, CodeType, FunctionType, MethodType

from loopcheck.process import objects, parameters
from loopcheck.process.objects import UNKNOWN
from loopcheck.source import calls, project_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import nodes_of
from loopcheck.source.values import made_objects, meaning

Env = Mapping[str, object]


def value(node: ast.AST | None, env: Env) -> object:
    """Return the value of *node*, also where a property or `__getattr__` only reads another."""
    found = held(node, env)
    return UNKNOWN if made_objects.is_new(found) else found


def held(node: ast.AST | None, env: Env) -> object:
    """Return the value of *node*; for a new object that is gone, its `Made`.

    For the names of a function that we look into, and to find the methods of `Desk(rows)`.
    """
    return made_objects.of(node, env) if node is not None else UNKNOWN


def target(node: ast.AST | None, env: Env) -> object:
    """Return what a call of *node* runs: a function, a method, or another callable object."""
    return called(held(node, env))


def called(thing: object) -> object:
    """Return what a call of *thing* runs: a handler may be a method, or a callable object."""
    while type(thing) is functools.partial:
        thing = thing.func
    if type(thing) in (MethodType, FunctionType, BuiltinMethodType) or not meaning.known(thing):
        return thing
    if objects.is_a(thing, type) or objects.is_mock(thing):
        return thing
    by_class = objects.class_attribute(type(thing), "__call__")
    return MethodType(by_class, thing) if type(by_class) is FunctionType else thing


def function_of(thing: object) -> object:
    """Return the function of a method, or of a partial; any other *thing* unchanged."""
    while type(thing) is functools.partial:
        thing = thing.func
    return thing.__func__ if type(thing) is MethodType else thing


def of_user(target: object) -> bool:
    """Return whether *target* is a user function or method."""
    function = function_of(target)
    return type(function) is FunctionType and (
        project_files.owner(function.__code__.co_filename) == "user"
    )


def function(node: ast.AST, env: Env) -> FunctionType | None:
    """Return the function that *node* refers to, also that of a method."""
    found = function_of(target(node, env))
    return found if type(found) is FunctionType else None


def inside(call: ast.Call, env: Env) -> tuple[Env, CodeType] | None:
    """Return the values of the names in the user function that *call* runs, and its code."""
    runs = target(call.func, env)
    function = function_of(runs)
    if type(function) is not FunctionType or not of_user(function):
        return None
    of = runs.__self__ if type(runs) is MethodType else UNKNOWN
    given = given_to(function.__code__, of, call, env)
    return meaning.in_call(function, given), function.__code__


def assigned_once(block: Def, env: Env) -> dict[str, object]:
    """Return the values of the names that one line of *block* assigns, and that *env* lacks.

    A function that has ended has no frame that shows them: `client = self._client`.
    """
    stored = Counter(one.id for one in nodes_of(ast.Name, block) if isinstance(one.ctx, ast.Store))
    often = {name for name, count in stored.items() if count > 1}
    return {
        target.id: found
        for step in nodes_of(ast.Assign, block)
        for target in step.targets
        if isinstance(target, ast.Name) and target.id not in often
        if not meaning.known(meaning.of(target, env))
        if meaning.known(found := held(step.value, env))
    }


def given_to(code: CodeType, of: object, call: ast.AST, env: Env) -> dict[str, object]:
    """Return the known arguments; *of* is the object that a method is called on, else UNKNOWN."""
    names = parameters.positional(code)
    local = dict(zip(names, [of], strict=False)) if of is not UNKNOWN else {}
    if isinstance(call, ast.Call):  # otherwise it is a property
        passed = calls.by_parameter(call, names[len(local) :])
        local |= {name: held(one, env) for name, one in passed.items()}
    return {name: thing for name, thing in local.items() if meaning.known(thing)}


def getter(node: ast.Attribute, env: Env) -> MethodType | None:
    """Return the function behind *node*, if that is a property."""
    of = value(node.value, env)
    found = objects.class_attribute(type(of), node.attr) if meaning.known(of) else None
    function = found.fget if type(found) is property else None
    return MethodType(function, of) if type(function) is FunctionType and of is not None else None
