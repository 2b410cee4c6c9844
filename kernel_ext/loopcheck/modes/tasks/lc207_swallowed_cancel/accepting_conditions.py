"""What only LC207 asks: which condition of a retry accepts a cancellation like any other error?

A handler may keep each error for a condition that decides about it. The condition is an object's or
a function's that the failing test leads to, as it leads to the handler.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator, Mapping
from itertools import islice
from types import FunctionType

from loopcheck.case.live import Live
from loopcheck.light import frozen, replace
from loopcheck.modes.finding import Finding
from loopcheck.process import objects, parameters
from loopcheck.records import Place, SwallowedCancel
from loopcheck.source import bindings, calls, parsed_files, project_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import mentioned, nodes_of
from loopcheck.source.values import attribute_origins, meaning

NODES = 1_000  # objects behind one name of the test
STEPS = 6  # from a name to an object: `fetch.retry.retry.predicate`
USERS = 4  # functions on the way of the failure
CANCELLED = objects.mro(asyncio.CancelledError)


@frozen
class AcceptingCondition:
    """A condition that is true for a CancelledError, and the functions beside it."""

    name: str  # "NotOf.accepts"
    place: Place
    error: str  # what it judges: "error", "outcome.error"
    beside: tuple[tuple[str, int, int], ...]  # file, first and last line: what its name leads to


def find_accepting_conditions(live: Live) -> tuple[AcceptingCondition, ...]:
    """Return the conditions that the names of the failing functions lead to."""
    found: dict[Place, AcceptingCondition] = {}
    for step in live.links[0].users[:USERS]:
        for value in list(meaning.own_names(step.frame).values()):
            functions = list(_behind(value))
            beside = tuple(
                (
                    live.labels.file(one.__code__.co_filename),
                    block.lineno,
                    block.end_lineno or block.lineno,
                )
                for one, block, _ in functions
            )
            for one, block, env in functions:
                result, error = _decision(one, block)
                if result is not None and _accepts(result, env, error):
                    file = live.labels.file(one.__code__.co_filename)
                    place = Place(file, result.lineno, one.__code__.co_name)
                    error = _judged(result, error)
                    name = one.__code__.co_qualname.rpartition("<locals>.")[2]
                    found[place] = AcceptingCondition(
                        name=name, place=place, error=error, beside=beside
                    )
    return tuple(found.values())


def _behind(root: object) -> Iterator[tuple[FunctionType, Def, Mapping[str, object]]]:
    """Yield the user's functions that *root* leads to, with the values of their names."""
    for path, thing, _ in islice(objects.walk(root), NODES):
        if len(path) > STEPS:
            return
        functions = [thing] if type(thing) is FunctionType else []
        if objects.users_class(type(thing)) is not None:
            functions = [one for _, one in attribute_origins.methods_of(type(thing))]
        for one in functions:
            block = parsed_files.function_of(one.__code__)
            if block is None or project_files.owner(one.__code__.co_filename) != "user":
                continue
            own = bindings.first_parameter(block)
            bound = {own: thing} if own is not None and type(thing) is not FunctionType else {}
            yield one, block, meaning.in_call(one, bound)


def _decision(function: FunctionType, block: Def) -> tuple[ast.expr | None, str]:
    """Return the only result of *function*, and the name of the error that it judges."""
    results = [one.value for one in nodes_of(ast.Return, block)]
    names = parameters.named(function.__code__)
    error = names[-1] if names else ""
    return (results[0], error) if len(results) == 1 else (None, error)


def _accepts(test: ast.expr, env: Mapping[str, object], error: str) -> bool | None:
    """Return what *test* says of a CancelledError with that name, None if that is unknown."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            said = _accepts(inner, env, error)
            return None if said is None else not said
        case ast.BoolOp(op=op, values=parts):
            each = [_accepts(one, env, error) for one in parts]
            decides = isinstance(op, ast.Or)
            if decides in each:
                return decides
            return None if None in each else not decides
        case ast.Call(args=[of, kinds]) if calls.last(test.func) == "isinstance":
            if error not in mentioned(of):
                return None
            found = meaning.of(kinds, env)
            classes = found if type(found) is tuple else (found,)
            if all(objects.is_a(one, type) for one in classes):
                return any(one is base for one in classes for base in CANCELLED)
    return None


def _judged(test: ast.expr, error: str) -> str:
    """Return how *test* writes the error: its parameter, or a part of it."""
    checks = (one for one in nodes_of(ast.Call, test) if calls.last(one.func) == "isinstance")
    written = (one.args[0] for one in checks if one.args and error in mentioned(one.args[0]))
    return next(map(ast.unparse, written), error)


def decides(
    found: tuple[AcceptingCondition, ...] | None, caught: SwallowedCancel
) -> AcceptingCondition | None:
    """Return the only one of *found* that is beside the handler of *caught*."""
    at = caught.caught_at
    near = [
        one
        for one in found or ()
        if any(file == at.file and first <= at.line <= last for file, first, last in one.beside)
    ]
    return near[0] if len(near) == 1 else None


def with_condition(found: Finding, one: SwallowedCancel, by: AcceptingCondition) -> Finding:
    """Return *found* of the handler with the line of the condition in its place."""
    lost = ", and no TimeoutError was raised" if one.how == "timeout lost" else ""
    return replace(
        found,
        certainty="likely",
        where=by.place,
        used_at=one.caught_at,
        what=f"`{by.name}` at {by.place} accepts a CancelledError, so `{one.coroutine}` treats its"
        f" cancellation like a failure{lost}.",
        why=f"`{one.words}` at {one.caught_at} keeps each error, and leaves it to that condition"
        " what becomes of it.",
        fix=f"At {by.place}, accept only errors that are an `Exception`:"
        f" `isinstance({by.error}, Exception) and …`. A CancelledError is not one.",
        remedy=(),
    )
