"""Turns a plain function into an async one: its mark or fixture, and an `await` at each call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress

from loopcheck.records import Edit
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def
from loopcheck.source.settings_names import NAMES

DEEPEST = 5  # functions from the `await` up to a test
MOST_CALLS = 40  # to await or to move into threads, of all these functions
KEPT = ("staticmethod", "classmethod", "mark", "fixture", "parametrize", "usefixtures", "patch")
AUTO = re.compile(r"^\s*asyncio_mode\s*=\s*[\"']?auto\b", re.MULTILINE)


def await_in_place(source: Source, expression: ast.expr, sources: Sources) -> list[Edit]:
    """Return the changes that await *expression*; what is plain around it becomes async."""
    return _awaited(source, expression, sources, {}, 0)


def turn_async(
    source: Source, function: Def, sources: Sources, *, tests: bool = True
) -> list[Edit]:
    """Return the changes that make *function* async, and all that calls it.

    Without *tests* no plain test may call it: what it tests is the plain function.
    """
    seen: Seen = {}
    changes = _async(source, function, sources, seen, 0)
    if not tests and any("mark.asyncio" in one.text for one in changes):
        raise NoSplice("a plain test calls it")
    return changes


def run_in_thread(name: str, sources: Sources) -> list[Edit]:
    """Return the changes of async code's calls of the plain function *name*: each has a thread."""
    return _threaded(name, sources, {name})


def _threaded(name: str, sources: Sources, seen: set[str]) -> list[Edit]:
    edits: list[Edit] = []
    for other in sources.naming(name):
        for node in other.calls_of(name):
            around_it = other.function_of(node)
            if isinstance(around_it, ast.FunctionDef):  # plain code: those that call it decide
                if around_it.name not in seen and not _is_test(other, around_it):
                    seen.add(around_it.name)
                    edits += _threaded(around_it.name, sources, seen)
                continue
            if not isinstance(around_it, ast.AsyncFunctionDef):
                raise NoSplice(f"`{name}` is called outside of a function")
            edits += call_in_thread(other, node)
        if len(edits) > MOST_CALLS:
            raise NoSplice("too many calls would get a thread")
    return edits


def call_in_thread(source: Source, call: ast.Call) -> list[Edit]:
    """Return the changes of `work(1)` into `await asyncio.to_thread(work, 1)`."""
    given = [source.text_of(one) for one in (*call.args, *call.keywords)]
    words = ", ".join([source.text_of(call.func), *given])
    said = source.in_place(call, f"await asyncio.to_thread({words})")
    return [said, *source.add_import("asyncio")]


Seen = dict[tuple[str, int], list[Edit]]


def _awaited(
    source: Source, expression: ast.expr, sources: Sources, seen: Seen, depth: int
) -> list[Edit]:
    function = source.function_of(expression)
    if function is None or isinstance(function, ast.Lambda):
        raise NoSplice("it is in no function")
    edits = source.await_value(expression)
    if edits and isinstance(function, ast.FunctionDef):
        edits = [*edits, *_async(source, function, sources, seen, depth)]
    return edits


def _async(source: Source, function: Def, sources: Sources, seen: Seen, depth: int) -> list[Edit]:
    key = source.file, function.lineno
    if isinstance(function, ast.AsyncFunctionDef) or key in seen:
        return []
    seen[key] = edits = source.make_async(function)
    if depth > DEEPEST or len(seen) > MOST_CALLS:
        raise NoSplice("too many functions would have to become async")
    if function.name.startswith("__") or _changes_the_call(function):
        raise NoSplice(f"`{function.name}` can't be async")
    if (mark := source.decorator(function, "fixture")) is not None:
        return [*edits, *make_async_fixture(source, mark)]
    if _is_test(source, function):
        return [*edits, *_async_test(source, function, sources)]
    of_class = source.class_of(function) is not None
    uses = _read_properties if _is_property(function) else _called
    for other in sources.naming(function.name):
        for use in uses(other, function.name, seen, of_class=of_class):
            edits = [*edits, *_awaited(other, use, sources, seen, depth + 1)]
    if len(edits) > MOST_CALLS:
        raise NoSplice("too many calls would have to be awaited")
    return edits


def _changes_the_call(function: Def) -> bool:
    if _is_property(function):
        return False
    names = [one.func if isinstance(one, ast.Call) else one for one in function.decorator_list]
    return not all(any(word in dotted(one) for word in KEPT) for one in names)


def _is_property(function: Def) -> bool:
    return [dotted(one) for one in function.decorator_list] == ["property"]


def _called(source: Source, name: str, seen: Seen, *, of_class: bool) -> Iterator[ast.expr]:
    """Yield each call of *name*; what it is passed on to would call it plainly."""
    _refuse_namesakes(source, name, seen)
    for node in source.nodes():
        if isinstance(node, ast.Call) and called_name(node) == name:
            yield node
        elif isinstance(node, ast.Name | ast.Attribute) and _name(node) == name:
            if of_class and isinstance(node, ast.Name):  # a variable: methods have an owner
                continue
            parent = source.parents(node)[0]
            if not (isinstance(parent, ast.Call) and parent.func is node):
                raise NoSplice(f"`{name}` is passed on at {source.file}:{node.lineno}")


def _read_properties(
    source: Source, name: str, seen: Seen, *, of_class: bool
) -> Iterator[ast.expr]:
    """Yield each line's use of the property *name*."""
    _refuse_namesakes(source, name, seen)
    for node in source.nodes():
        if of_class and isinstance(node, ast.Attribute) and node.attr == name:
            if not isinstance(node.ctx, ast.Load):
                raise NoSplice(f"`{name}` is set at {source.file}:{node.lineno}")
            yield node


def _refuse_namesakes(source: Source, name: str, seen: Seen) -> None:
    if any((source.file, one.lineno) not in seen for one in source.functions(name)):
        raise NoSplice(f"several functions are called `{name}`")


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def make_async_fixture(source: Source, mark: ast.expr) -> list[Edit]:
    """Return the changes that give the fixture to pytest-asyncio, which awaits it."""
    renamed = decorate_by_pytest_asyncio(source, mark)
    if not renamed:
        return []
    given = mark.keywords if isinstance(mark, ast.Call) else []
    said = {one.arg: source.text_of(one.value) for one in given}
    add = []
    if "scope" in said and "loop_scope" not in said:
        add = [source.set_keyword(mark, "loop_scope", said["scope"])]
    return [*renamed, *add]


def decorate_by_pytest_asyncio(source: Source, mark: ast.expr) -> list[Edit]:
    """Return the changes of a fixture's decorator into pytest-asyncio's, none if it is that."""
    bare = mark.func if isinstance(mark, ast.Call) else mark
    theirs = f"{source.named('pytest_asyncio')}.fixture"
    if dotted(bare) in (theirs, source.imported("pytest_asyncio", "fixture")):
        return []
    return [source.replace(bare, theirs), *source.add_import("pytest_asyncio")]


def make_wrapper_async(sources: Sources, qualname: str, *, rows: bool = False) -> list[Edit]:
    """Return the changes that let a decorator's inner function await what it calls."""
    name = qualname.rpartition(".")[2]
    found = [
        (source, one)
        for source in sources.naming(f"def {name}")
        for one in source.functions(name)
        if isinstance(one, ast.FunctionDef) and _is_inner(source, one, qualname)
    ]
    if len(found) != 1:
        raise NoSplice(f"several functions are called `{name}`")
    [(source, function)] = found
    spec = function.args
    given = {one.arg for one in (spec.vararg, spec.kwarg) if one}
    calls = [
        node
        for node in source.nodes()
        if isinstance(node, ast.Call)
        and source.function_of(node) is function
        and given & {source.text_of(one).lstrip("*") for one in (*node.args, *node.keywords)}
    ]
    edits = source.make_async(function)
    if not rows:
        return [*edits, *(change for one in calls for change in source.await_value(one))]
    for one in calls:
        statement = source.parents(one)[0]
        if not isinstance(statement, ast.Return):
            raise NoSplice("the wrapper does more than return the generator")
        value = source.text_of(one)
        lines = f"async for value in {value}:\n{source.indentation(statement)}{source.step}"
        edits.append(source.replace(statement, f"{lines}yield value"))
    return edits


def _is_inner(source: Source, function: Def, qualname: str) -> bool:
    names = [one.name for one in source.parents(function) if isinstance(one, Def | ast.ClassDef)]
    parts = [one for one in qualname.split(".")[:-1] if one != "<locals>"]
    return names[::-1][-len(parts) :] == parts if parts else not names


def _is_test(source: Source, function: Def) -> bool:
    return function.name.startswith("test") and source.file.rpartition("/")[2] != "conftest.py"


def _async_test(source: Source, function: Def, sources: Sources) -> list[Edit]:
    """Return the changes that make pytest run a test as async."""
    around = source.class_of(function)
    bases = [dotted(one).rpartition(".")[2] for one in around.bases] if around else []
    if "IsolatedAsyncioTestCase" in bases:
        return []
    if "TestCase" in bases:
        raise NoSplice("unittest.TestCase runs no async test")
    if is_marked(source, function) or auto_mode(sources):
        return []
    marks = source.named("pytest")
    mark = source.insert_before(function, f"@{marks}.mark.asyncio")
    return [mark, *source.add_import("pytest")]


def is_marked(source: Source, function: Def) -> bool:
    """True if a mark of asyncio or anyio is on the test, its class or module."""
    around = [one for one in source.parents(function) if isinstance(one, ast.ClassDef)]
    every = [each for one in (function, *around) for each in one.decorator_list]
    body = [*source.tree.body, *(each for one in around for each in one.body)]
    every += [
        one.value
        for one in body
        if isinstance(one, ast.Assign) and dotted(one.targets[0]) == "pytestmark"
    ]
    return any(re.search(r"\bmark\.(asyncio|anyio)\b", source.text_of(one)) for one in every)


def auto_mode(sources: Sources) -> bool:
    """True if the settings make pytest-asyncio take every async test and fixture."""
    for name in NAMES:
        with suppress(NoSplice):
            if AUTO.search(sources.open(name).text):
                return True
    return False
