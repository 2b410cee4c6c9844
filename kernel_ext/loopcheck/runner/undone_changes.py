"""Whether a failing line would have succeeded without earlier tests' changes to a container.

No user code runs: keys are compared, and assertions on plain values are evaluated from their text.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import BuiltinMethodType
from typing import Any, Literal

from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.runner.shared_arguments import PLAIN, Look, Opaque, Story, look
from loopcheck.source.nodes import calls_in, has_node, names_in, nodes_of
from loopcheck.source.values import asserted_values, assertions, meaning

Explains = Literal["key", "argument", "extra", "index", "assertion"]
MISSING = re.compile(r"missing \d+ required (positional|keyword-only) arguments?: (.+)$")
TOO_MANY = re.compile(r"takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) w\w+ given$")
UNEXPECTED = re.compile(r"got an unexpected keyword argument '(\w+)'$")
NOTHING = object()
ANSWER = "@answer"  # a name for the result of a call


def explains(
    error: BaseException, steps: Sequence[Step], value: Any, story: Story, now: Look
) -> Explains | None:
    """Return how the change in *story* explains *error*, raised by the user's lines *steps*.

    The first of them is the line that failed.
    """
    step = steps[0]
    lost = {key for key, _ in story.first.entries} - {key for key, _ in story.last.entries}
    gained = {key for key, _ in story.last.entries} - {key for key, _ in story.first.entries}
    args = objects.args_of(error)
    said = args[0] if args and type(args[0]) in PLAIN else NOTHING
    kind = type(error)
    if kind is KeyError and said in lost and value in _Same(_read(step, _containers)):
        return "key" if now.type in (dict, set) else None
    if kind is KeyError and said in lost and len(steps) > 1 and _asks_its_keywords(step):
        return "key" if value in _Same(_read(steps[1], _unpacked)) else None
    if kind is TypeError and type(said) is str and now.type is list:
        more = len(story.last.entries) - len(story.first.entries)
        return _about_places(said, more) if _hands_over(steps, _spread, value) else None
    if kind is TypeError and type(said) is str and _hands_over(steps, _unpacked, value):
        return _about_arguments(said, lost, gained if story.first.entries else set())
    if kind is IndexError and now.type is list and value in _Same(_read(step, _containers)):
        return "index" if len(story.first.entries) > len(story.last.entries) else None
    if kind is AssertionError and _would_hold(step, value, story, now):
        return "assertion"
    return None


def _asks_its_keywords(step: Step) -> bool:
    """Return whether the failing line looks up a key in the `**kwargs` of its own function."""
    own = _own(step, inspect.CO_VARKEYWORDS)
    return meaning.known(own) and own in _Same(_read(step, _containers))


def _hands_over(
    steps: Sequence[Step], parts: Callable[[ast.stmt], Iterable[ast.expr]], value: Any
) -> bool:
    """Return whether the failing line unpacks *value* into a call, as its callers did before."""
    given = _Same(_read(steps[0], parts))
    if value in given or len(steps) == 1:
        return value in given
    own: Any = _own(steps[0], inspect.CO_VARKEYWORDS if type(value) is dict else inspect.CO_VARARGS)
    if own not in given or not _is_made_of(own, value):
        return False
    return _calls_once(steps[1]) and _hands_over(steps[1:], parts, value)


def _calls_once(step: Step) -> bool:
    """Return whether that line has no other call that may have failed."""
    statement = step.source.statement
    calls = [*calls_in(statement)]
    return len(calls) == 1


def _own(step: Step, flag: int) -> object:
    """Return the `*args` or the `**kwargs` of the function of *step*."""
    code = step.frame.f_code
    if not code.co_flags & flag:
        return objects.UNKNOWN
    place = code.co_argcount + code.co_kwonlyargcount
    if flag == inspect.CO_VARKEYWORDS:
        place += bool(code.co_flags & inspect.CO_VARARGS)
    return meaning.named(code.co_varnames[place], step.frame)


def _is_made_of(own: Any, value: Any) -> bool:
    """Return whether a function's `*args` end with *value*, or its `**kwargs` contain all of it."""
    if type(own) is tuple and type(value) is list:
        tail = own[len(own) - len(value) :] if len(value) <= len(own) else ()
        return [*map(id, tail)] == [*map(id, value)]
    if type(own) is dict and type(value) is dict:
        return all(own.get(key, NOTHING) is each for key, each in value.items())
    return False


class _Same:
    """A collection that tests identity: `in` on a list would call `__eq__`."""

    def __init__(self, things: Iterable[object]) -> None:
        self.ids = {id(thing) for thing in things}

    def __contains__(self, thing: object) -> bool:
        return id(thing) in self.ids


def _about_arguments(said: str, lost: set[object], gained: set[object]) -> Explains | None:
    if (found := MISSING.search(said)) is not None:
        names = set(re.findall(r"'(\w+)'", found[2]))
        return "argument" if names and names <= lost else None
    extra = UNEXPECTED.search(said)
    return "extra" if extra is not None and extra[1] in gained else None


def _about_places(said: str, more: int) -> Explains | None:
    """Return how a list with *more* elements than before explains a refused `*args`."""
    if (found := MISSING.search(said)) is not None and found[1] == "positional":
        return "argument" if len(re.findall(r"'\w+'", found[2])) <= -more else None
    counted = TOO_MANY.search(said)
    return "extra" if counted is not None and int(counted[2]) - int(counted[1]) <= more else None


# The objects of the failing line


def _read(step: Step, parts: Callable[[ast.stmt], Iterable[ast.expr]]) -> list[object]:
    """Return the objects that *parts* of the failing statement lead to."""
    statement = step.source.statement
    said = parts(statement) if statement is not None else ()
    found = (meaning.of(part, step.frame) for part in said)
    return [one for one in found if meaning.known(one)]


def _space(step: Step) -> Mapping[str, object]:
    return {**meaning.names_of(step.frame)}


def _containers(statement: ast.stmt) -> Iterable[ast.expr]:
    """Yield the objects of subscripts and method calls: `d[key]`, `d.pop(key)`."""
    for one in nodes_of((ast.Subscript, ast.Call), statement):
        if isinstance(one, ast.Subscript):
            yield one.value
        elif isinstance(one.func, ast.Attribute):
            yield one.func.value


def _unpacked(statement: ast.stmt) -> Iterable[ast.expr]:
    for one in nodes_of(ast.keyword, statement):
        if one.arg is None:
            yield one.value


def _spread(statement: ast.stmt) -> Iterable[ast.expr]:
    """Yield the lists that a call unpacks: `send(*args)`."""
    for call in calls_in(statement):
        yield from (one.value for one in call.args if isinstance(one, ast.Starred))


# The assertion


def _would_hold(step: Step, value: object, story: Story, now: Look) -> bool:
    """Return whether the failing assertion is false now, and would be true without the change."""
    statement = step.source.statement
    test = _asserted(statement) if statement is not None else None
    without = _without(story, now)
    if test is None or without is None:
        return False
    test, space = _with_answer(test, _space(step), value)
    space = _with_copies(test, space, value, story, now)
    kept = _kept(value)
    is_so, was_so = (
        assertions.plain(test, space, NOTHING, (value, _whole(one, kept)))
        for one in (_plain(now), without)
    )
    return is_so is not NOTHING and was_so is not NOTHING and bool(was_so) and not is_so


def _with_copies(
    test: ast.expr, space: Mapping[str, object], thing: object, story: Story, now: Look
) -> Mapping[str, object]:
    """Return *space* with *thing* in place of its copies, such as a `seen` made by `list(seen)`.

    A list with the same look is a copy, if this test, like an earlier one, has changed *thing*: an
    unrelated list would not have the same elements in the same order.
    """
    if now == story.last or len(now.entries) < 2:
        return space
    said = names_in(test)
    alike = {one for one in said & space.keys() if look(space[one]) == now}
    return {**space, **dict.fromkeys(alike, thing)}


def _kept(value: Any) -> dict[Opaque, object]:
    """Return, by id, the plain values that a look holds only as ids: `{"hosts": ["a"]}`."""
    found: dict[Opaque, object] = {}
    parts = value.values() if type(value) is dict else value if type(value) is list else ()
    for one in parts:
        if type(one) in (dict, list):
            with suppress(assertions.Unknown):
                found[Opaque((id(one),))] = assertions.copied(one)
    return found


def _whole(container: Any, kept: Mapping[Opaque, object]) -> object:
    """Return *container* with the values of *kept* in place of their ids."""
    if type(container) is dict:
        return {
            key: kept.get(one, one) if type(one) is Opaque else one
            for key, one in container.items()
        }
    if type(container) is list:
        return [kept.get(one, one) if type(one) is Opaque else one for one in container]
    return container


def _with_answer(
    test: ast.expr, space: Mapping[str, object], thing: object
) -> tuple[ast.expr, Mapping[str, object]]:
    """Return *test* with a name for its only call, if that returned *thing* or its container.

    pytest keeps the call's result. It also keeps the results of the call's parts: if one of those
    is *thing*, it is unclear what the call returned.
    """
    if not isinstance(test, ast.Compare):
        return test, space
    sides = [test.left, *test.comparators]
    calls = [one for one in sides if _is_of_a_call(one)]
    kept = asserted_values.operands(space)
    answers = [thing, *(one for one in kept if _holds(one, thing))]
    given = [one for one in answers if len(calls) == 1 and _gave(calls[0], test, space, one)]
    if len({id(one) for one in given}) != 1:
        return test, space
    named: list[ast.expr] = [
        ast.Name(id=ANSWER, ctx=ast.Load()) if one is calls[0] else one for one in sides
    ]
    answered = ast.Compare(left=named[0], ops=test.ops, comparators=named[1:])
    return answered, {**space, ANSWER: given[0]}


def _holds(outer: Any, thing: object) -> bool:
    inner = outer.values() if type(outer) is dict else outer if type(outer) is list else ()
    return thing in _Same(inner)


def _gave(call: ast.expr, test: ast.expr, space: Mapping[str, object], thing: object) -> bool:
    kept = asserted_values.operands(space)
    methods = [one for one in kept if type(one) is BuiltinMethodType]
    if thing not in _Same(kept) or any(one.__self__ is thing for one in methods):
        return False  # `build().get(1)`: the first call returned it
    parts = list(nodes_of((ast.Attribute, ast.Subscript), test))
    if any(meaning.of(one, space) is thing for one in parts):
        return False
    given = [part for one in calls_in(call) for part in (*one.args, *one.keywords)]
    return not has_node((ast.Call, ast.Await), *given)


def _is_of_a_call(one: ast.expr) -> bool:
    """Return whether *one* is a call's result or a part of it: `(await read())["tags"]`."""
    while isinstance(one, ast.Subscript):
        one = one.value
    return isinstance(one, ast.Await) or _is_unknown(one)


def _is_unknown(one: ast.expr) -> bool:
    """Return whether *one* is a call that we do not evaluate."""
    if not isinstance(one, ast.Call):
        return False
    return not (isinstance(one.func, ast.Name) and one.func.id in assertions.BUILTINS)


def _asserted(statement: ast.stmt) -> ast.expr | None:
    """Return the expression that an `assert`, or a method of unittest, checks."""
    if isinstance(statement, ast.Assert):
        return statement.test
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    name, args = call.func.attr, call.args
    if name == "assertTrue" and args:
        return args[0]
    if name == "assertFalse" and args:
        return ast.UnaryOp(op=ast.Not(), operand=args[0])
    if name in UNITTEST and len(args) > 1:
        return ast.Compare(left=args[0], ops=[UNITTEST[name]()], comparators=[args[1]])
    return None


UNITTEST: dict[str, type[ast.cmpop]] = {
    "assertEqual": ast.Eq,
    "assertDictEqual": ast.Eq,
    "assertListEqual": ast.Eq,
    "assertNotEqual": ast.NotEq,
    "assertIn": ast.In,
    "assertNotIn": ast.NotIn,
}


def _plain(seen: Look) -> object:
    """Return a container with that look."""
    if seen.type is dict:
        return dict(seen.entries)
    if seen.type is set:
        return {key for key, _ in seen.entries}
    return _values(seen)


def _without(story: Story, now: Look) -> object:
    """Return the container as it would be if no earlier test had changed it."""
    if now.type is list:
        first, before, here = _values(story.first), _values(story.last), _values(now)
        if here == before:
            return first
        return first + here[len(before) :] if here[: len(before)] == before else None
    first_, last, here_ = dict(story.first.entries), dict(story.last.entries), dict(now.entries)
    whole = dict(here_)
    for key in first_.keys() | last.keys():
        own = here_.get(key, NOTHING) != last.get(key, NOTHING)
        if first_.get(key, NOTHING) == last.get(key, NOTHING):
            continue  # no earlier test changed it
        if own:
            counts: list[Any] = [one.get(key) for one in (here_, last, first_)]
            if all(type(one) in (int, float) for one in counts):
                whole[key] = counts[0] - (counts[1] - counts[2])  # both tests have added to it
        elif key in first_:
            whole[key] = first_[key]
        else:
            whole.pop(key, None)
    return set(whole) if now.type is set else whole


def _values(seen: Look) -> list[object]:
    return [value for _, value in seen.entries]
