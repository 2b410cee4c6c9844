"""Context managers that nobody entered: does `async with` give the object that the code wanted?

We enter nothing. The function behind the manager shows what it yields, the annotation of
`__aenter__`, or of the coroutine inside the manager, what a library's own manager returns.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Sequence
from types import AsyncGeneratorType, CodeType, CoroutineType, FunctionType, GeneratorType

from loopcheck.process import objects
from loopcheck.source import parsed_files
from loopcheck.source.nodes import own_nodes
from loopcheck.source.values import annotated_results

MANAGERS = ("contextlib._AsyncGeneratorContextManager", "contextlib._GeneratorContextManager")
LITERALS: dict[type[ast.expr], type] = {
    ast.Dict: dict,
    ast.List: list,
    ast.Set: set,
    ast.Tuple: tuple,
    ast.JoinedStr: str,
}


def code_behind(thing: object) -> CodeType | None:
    """Return the code of the function that returned *thing*, for example a coroutine."""
    if type(thing) is CoroutineType:
        return thing.cr_code
    held = objects.peek(thing, "gen") if objects.type_name(thing) in MANAGERS else thing
    if type(held) is AsyncGeneratorType:
        return held.ag_code
    return held.gi_code if type(held) is GeneratorType else None


def may_give(thing: object, wanted: str, kinds: Sequence[type]) -> bool:
    """Return whether entering *thing* with `async with` gives an object with *wanted*.

    *kinds* are the client classes that have it: a pool's own manager says nothing about what it
    returns, but the clients of that library are known.
    """
    if objects.is_mock(thing):
        return False
    if objects.type_name(thing) in MANAGERS:
        code = code_behind(thing)
        return (
            code is not None
            and bool(code.co_flags & inspect.CO_ASYNC_GENERATOR)
            and any(may_have(one.value, wanted) for one in _yields(code))
        )
    enters = objects.class_attribute(type(thing), "__aenter__")
    if type(enters) is not FunctionType:
        return False
    entered = annotated_results.of(enters.__code__, enters.__globals__)
    if entered is not None and _has(entered, wanted):
        return True
    for _, held in objects.steps(thing):
        if type(held) is CoroutineType and held.cr_frame is not None:
            given = annotated_results.of(held.cr_code, held.cr_frame.f_globals)
            return given is not None and _has(given, wanted)
    root = objects.module_of(type(thing)).partition(".")[0]
    clients = [one for one in kinds if objects.module_of(one).partition(".")[0] == root]
    waits = objects.class_attribute(type(thing), "__await__")
    return bool(clients) and type(waits) is FunctionType


def may_have(given: ast.expr | None, wanted: str) -> bool:
    """Return whether a yielded value may have the attribute *wanted*: nothing yielded has none."""
    if given is None:
        return False
    kind = type(given.value) if isinstance(given, ast.Constant) else LITERALS.get(type(given))
    return kind is None or wanted in dir(kind)


def _yields(code: CodeType) -> Iterator[ast.Yield]:
    block = parsed_files.function_of(code)
    for one in own_nodes(block) if block is not None else ():
        if isinstance(one, ast.Yield):
            yield one


def _has(kind: type, name: str) -> bool:
    known = objects.mro(kind)[:-1]
    fields = (objects.class_dict(one).get("__annotations__") for one in known)
    return any(name in objects.class_dict(one) for one in known) or any(
        type(one) is dict and name in one for one in fields
    )
