"""The line of user code that created the wrong object, if no name leads to it.

A call of its function creates a coroutine, a call of its class a client. We name the line if there
is only one: in the test and its fixtures, or else in the code under test.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import AsyncGeneratorType, CodeType, FunctionType, GeneratorType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.stores.unentered_managers import code_behind
from loopcheck.records import Place
from loopcheck.runner import fixtures
from loopcheck.source import modules, parsed_files, user_code
from loopcheck.source.modules import Space
from loopcheck.source.nodes import nodes_of
from loopcheck.source.values import meaning

# A call inside one of these is awaited or entered there.
RUN = frozenset(
    {"create_task", "ensure_future", "enter_async_context", "enter_context", "gather", "run"}
) | {"run_until_complete", "shield", "wait_for"}


def find(thing: object, item: Any, labels: Labels) -> Place | None:
    """Return the only line that creates objects like *thing*."""
    near: dict[Place, None] = {}
    far: dict[Place, None] = {}
    tests = _tests(item)
    for space, file, tree in _spaces_for(thing):
        for line in _lines(tree, thing, space):
            around = parsed_files.enclosing(file, line)
            name = around[0].name if around else None
            place = Place(labels.file(file), line, name)
            if any((file, one.lineno) in tests for one in around):
                near[place] = None
            elif not any(map(_a_test, around)):
                far[place] = None
    found = near or far
    return next(iter(found)) if len(found) == 1 else None


def _spaces_for(thing: object) -> Iterator[tuple[Space, str, ast.Module]]:
    """Yield the modules that may have a line which creates objects like *thing*."""
    code, kind = code_behind(thing), type(thing)
    if code is None:
        return modules.trees_with(kind.__name__, lambda value: value is kind)
    return modules.trees_with(code.co_name, lambda value: objects.code_of(value) is code)


def is_generator(thing: object) -> bool:
    """Return whether *thing* is the result of a function with `yield`."""
    return type(thing) in (AsyncGeneratorType, GeneratorType)


def names_behind(generator: object) -> dict[str, object]:
    """Return the globals of the function behind *generator*; none once it has ended."""
    frame = generator.ag_frame if type(generator) is AsyncGeneratorType else None
    if type(generator) is GeneratorType:
        frame = generator.gi_frame
    return frame.f_globals if frame is not None else {}


def _tests(item: Any) -> set[tuple[str, int]]:
    """Return file and line of each `def` that is the test of *item*, or one of its fixtures."""
    codes = [user_code.test(item), *fixtures.codes(item)]
    return {(code.co_filename, fixtures.def_line(code)) for code in codes if code is not None}


def _a_test(block: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether *block* is a test or a fixture, and so belongs to another test."""
    marked = any("fixture" in ast.unparse(one) for one in block.decorator_list)
    return marked or block.name.startswith("test")


def _lines(tree: ast.Module, thing: object, space: Space) -> Iterator[int]:
    """Yield the lines of a module that create objects like *thing*, and leave them unawaited."""
    code = code_behind(thing)
    taken = set(_taken(tree)) if code is not None else set()
    for node in nodes_of((ast.Call, ast.keyword), tree):
        match node:
            case ast.Call() if id(node) not in taken and _makes(node, thing, code, space):
                yield node.lineno
            case ast.keyword(arg="default_factory", value=value) if code is not None:
                if objects.code_of(meaning.of(value, space.held)) is code:
                    yield value.lineno


def _taken(tree: ast.Module) -> Iterator[int]:
    """Yield the calls that are awaited, entered or run in the same expression."""
    for node in nodes_of((ast.Await, ast.withitem, ast.Call), tree):
        match node:
            case ast.Await(value=one) | ast.withitem(context_expr=one):
                yield id(one)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in RUN:
                yield from map(id, node.args)


def _makes(call: ast.Call, thing: object, code: CodeType | None, space: Space) -> bool:
    called = meaning.of(call.func, space.held)
    if code is not None:
        if type(called) is FunctionType or not isinstance(call.func, ast.Attribute):
            return objects.code_of(called) is code
        method = "." in code.co_qualname.replace("<locals>.", "")
        return method and call.func.attr == code.co_name  # its object no longer exists
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("from_url", "from_pool"):
        called = meaning.of(call.func.value, space.held)
    return called is type(thing)
