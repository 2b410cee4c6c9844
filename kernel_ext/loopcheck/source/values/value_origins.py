"""Where a value on a failing line came from: the objects whose calls returned it.

We read it from the syntax tree of the failing line and the lines before, and from the frames;
nothing is run again.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from types import FunctionType, MethodType

from loopcheck.process import objects, parameters
from loopcheck.process.failure import Step
from loopcheck.source import parsed_files, project_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import meaning

HOPS = 6  # assignments to follow from one name
DEEPEST = 3  # user functions that call each other
NAMES = 200
MOST, WIDEST = 20_000, 1_000  # objects to look at in all, and of one object
CALLERS = 4  # frames that an argument may have come from

Ends = Callable[[object], bool]


def of(step: Step, nodes: Sequence[ast.AST], outer: Sequence[Step]) -> Iterator[object]:
    """Yield the objects that the values of *nodes* came from, nearest first.

    *outer* are the user's steps around *step*, innermost first: arguments come from there.
    """
    names = _names(nodes)
    inner = step
    for here in (step, *outer[:CALLERS]):
        if here is not step and not _is_part(inner):
            names = _names(statements(here))
        inner = here
        found, arguments = _expanded(here, names)
        yield from found
        if not arguments and not _is_part(here):
            return


def _is_part(step: Step) -> bool:
    """Return whether *step* is a comprehension: it has few of its function's names.

    3.12+: only a generator expression has a frame of its own.
    """
    return step.frame.f_code.co_name in ("<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>")


def statements(step: Step) -> list[ast.AST]:
    """Return the innermost statement of the failing line, without the body of its block."""
    standing = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    around = [one for one in standing if isinstance(one, ast.stmt) and one.lineno <= step.line]
    if not around:
        return []
    # `async def tag(self): return …` is two statements on one line, and so is `a = 1; b = 2`.
    known = step.span is not None and step.span[0] == step.line
    failed = [node for node in around if known and parsed_files.covers(node, step.line, step.span)]
    found = max(failed or around, key=lambda node: (node.lineno, -(node.end_lineno or 0)))
    return heads(found)


def heads(node: ast.stmt) -> list[ast.AST]:
    """Return *node* without the body of its block."""
    if not hasattr(node, "body"):
        return [node]
    fields = ("test", "iter", "items", "subject")
    found = [getattr(node, field) for field in fields if hasattr(node, field)]
    return [part for one in found for part in (one if isinstance(one, list) else [one])]


def _names(nodes: Sequence[ast.AST]) -> list[str]:
    """Return the names in *nodes*, in order, also of called classes and functions."""
    found: dict[str, None] = {}
    for node in nodes:
        for one in ast.walk(node):
            if isinstance(one, ast.Name):
                found.setdefault(one.id)
    return list(found)[:NAMES]


def _expanded(step: Step, names: list[str]) -> tuple[list[object], bool]:
    """Return what *names* lead to, through assignments; and whether an argument was among them."""
    code = step.frame.f_code
    functions = parsed_files.enclosing(code.co_filename, step.line)
    block = functions[0] if functions and code.co_name != "<module>" else None
    taken = parameters.named(code)
    found: list[object] = []
    arguments, done = False, set(names)
    todo = list(names)
    for _ in range(HOPS):
        further: list[str] = []
        for name in todo:
            value = meaning.named(name, step.frame)
            if meaning.known(value) and not _plain(value):
                found.append(value)
                continue
            arguments |= name in taken
            before = list(given(block, name)) if block is not None else []
            further += [one for one in _names(before) if one not in done]
            done.update(further)
        todo = further
    return found, arguments


def _plain(value: object) -> bool:
    """Return whether *value* is data: then the search goes on to the object it came from."""
    return type(value) in (str, bytes, int, float, bool, type(None), list, tuple, dict, set)


def given(block: ast.AST, name: str) -> Iterator[ast.AST]:
    """Yield the expressions of *block* that assign *name*."""
    for one in assignments_in(block):
        if one.how != "entered" and any(_is_of(part, name) for part in one.parts()):
            yield one.value
    for call in calls_in(block):
        match call.func:
            case ast.Attribute(value=ast.Name(id=owner)) if owner == name:
                yield from call.args  # `seen.append(await client.get(…))`


def _is_of(target: ast.expr, name: str) -> bool:
    """Return whether *target* is *name*, or a part of its object: `rows[0]`."""
    while isinstance(target, ast.Subscript):
        target = target.value
    return isinstance(target, ast.Name) and target.id == name


# The way from an origin to a client


def leads(thing: object, ends: Ends) -> object | None:
    """Return the object at or behind *thing* that *ends* the search, through user objects only."""
    for found in islice(_reached(thing, 0), MOST):
        if ends(found):
            return found
    return None


def _reached(thing: object, depth: int) -> Iterator[object]:
    yield thing
    if depth > DEEPEST:
        return
    if type(thing) is MethodType:
        yield from _reached(thing.__self__, depth + 1)
        thing = thing.__func__
    if type(thing) is FunctionType:
        yield from _of_function(thing, depth)
    elif _users(thing):
        for _, part in islice(objects.steps(thing), WIDEST):
            yield from _reached(part, depth + 1)
        for kind in objects.mro(type(thing)):
            for method in list(objects.class_dict(kind).values()):
                if type(method) is FunctionType:
                    yield from _of_function(method, depth)
    elif type(thing) in (list, tuple, dict):
        for _, part in islice(objects.steps(thing), WIDEST):
            yield from _reached(part, depth + 1) if depth < 2 else iter((part,))


def _of_function(function: FunctionType, depth: int) -> Iterator[object]:
    """Yield the globals that the user's *function* uses, and its closure."""
    if project_files.owner(function.__code__.co_filename) != "user":
        return
    space = function.__globals__
    for name in function.__code__.co_names:
        found = space.get(name, objects.ABSENT)
        if found is objects.ABSENT or objects.is_module(found):
            continue
        if type(found) is FunctionType or not objects.is_a(found, type):
            yield from _reached(found, depth + 1)
    for held in objects.closed_over(function).values():
        yield from _reached(held, depth + 1)


def _users(thing: object) -> bool:
    kind = thing if objects.is_a(thing, type) else type(thing)
    return objects.users_class(kind) is not None
