"""How the methods of a class open and end its objects, by their texts, and what refuses a call.

`if self._closed: raise …` refuses a call of an object whose `close` has set `_closed`. What the
check reads may be a property, which reads something else.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from types import FunctionType

from loopcheck.process import objects
from loopcheck.source import bindings, parsed_files
from loopcheck.source.assignments import assignments_of
from loopcheck.source.nodes import calls_in, nodes_of, results_of, spans_line
from loopcheck.source.statements import executed_statements
from loopcheck.source.values import attribute_origins, meaning

DEEPEST = 3  # properties that read each other, methods that call each other
ENTERS = ("__enter__", "__aenter__")
LEAVES = ("__exit__", "__aexit__")
OPENS = ("begin", "boot", "connect", "enter", "init", "launch", "listen", "open", "setup", "start")
MAKES = "__init__"


def attributes_read(test: ast.expr, own: str, kind: type, deep: int = DEEPEST) -> Iterator[str]:
    """Yield the attributes that decide *test* in a method of *kind*, where *own* is the object."""
    for node in nodes_of(ast.Attribute, test):
        if not isinstance(node.value, ast.Name) or node.value.id != own:
            continue
        found = objects.class_attribute(kind, node.attr)
        getter = found.fget if type(found) is property else found
        if type(getter) is not FunctionType:
            yield node.attr
        elif deep and getter.__code__.co_argcount == 1:
            block = parsed_files.function_of(getter.__code__)
            for result in results_of(block):
                yield from attributes_read(result, getter.__code__.co_varnames[0], kind, deep - 1)


def closes(name: str) -> bool:
    """Return whether a method of that name ends its object, and does not wait for an end."""
    return name in LEAVES or (bindings.ends(name) and "wait" not in name.split("_"))


def opens(name: str) -> bool:
    """Return whether a method of that name opens its object, perhaps again: `reconnect`."""
    words = name.lower().replace("set_up", "setup").strip("_").split("_")
    words += [word.removeprefix("re") for word in words]
    return name in ENTERS or any(word.startswith(OPENS) for word in words)


def writers(thing: object, attribute: str) -> frozenset[str]:
    """Return the methods of *thing* that write what its *attribute* now is.

    They may leave that to another method: `__aexit__` calls `stop`, and `stop` calls `_finish`.
    """
    now = objects.attribute(thing, attribute)
    return _writing(thing, attribute, lambda one: _is_same(one, now))


def changers(thing: object, attribute: str) -> frozenset[str]:
    """Return the methods of *thing* that write something else to its *attribute* than it now is."""
    now = objects.attribute(thing, attribute)
    return _writing(thing, attribute, lambda one: not _is_same(one, now))


def _writing(thing: object, attribute: str, wanted: Callable[[object], bool]) -> frozenset[str]:
    methods = [one for one in attribute_origins.methods_of(type(thing)) if one[0] != MAKES]
    writing = {name for name, function in methods if any(map(wanted, _given(function, attribute)))}
    for _ in range(DEEPEST if writing else 0):
        writing.update(name for name, function in methods if writing & _own_calls(function))
    return frozenset(writing)


def surely_writes(
    thing: object, method: str, attribute: str, deep: int = DEEPEST, above: type | None = None
) -> bool:
    """Return whether *method* always writes what *attribute* now is, itself or in what it calls.

    It may return early if that has happened before: `if self._closing: return`. With *above*, the
    method is the one that `super()` finds in a method of that class.
    """
    kinds = objects.mro(type(thing))
    kinds = kinds[kinds.index(above) + 1 :] if above is not None else kinds
    owner = next((one for one in kinds if method in objects.class_dict(one)), None)
    found = objects.class_dict(owner)[method] if owner is not None else None
    function = objects.function_of(found)
    block = parsed_files.function_of(function.__code__) if function is not None else None
    own = bindings.first_parameter(block) if isinstance(block, bindings.Function) else None
    if function is None or block is None or own is None:
        return False
    end = (block.end_lineno or block.lineno) + 1
    ran = list(executed_statements.before(block.body, end))
    now = objects.attribute(thing, attribute)
    lines = [
        step.lineno
        for step in ran
        if isinstance(step, ast.Assign | ast.AnnAssign)
        for one in assignments_of(step)
        if one.sets(f"{own}.{attribute}") and _is_same(meaning.of(one.value, function), now)
    ]
    for call in (one for step in ran for one in executed_statements.calls_of(step)):
        match call.func:
            case ast.Attribute(value=ast.Name(id=name), attr=other) if name == own and deep:
                if surely_writes(thing, other, attribute, deep - 1):
                    lines.append(call.lineno)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=other) if deep:
                if surely_writes(thing, other, attribute, deep - 1, above=owner):
                    lines.append(call.lineno)
    return bool(lines) and not _may_leave(block, own, attribute, before=min(lines))


def _may_leave(block: bindings.Function, own: str, attribute: str, before: int) -> bool:
    """Return whether a condition may end *block* before that line, except *attribute* alone."""
    for leave in nodes_of((ast.Return, ast.Raise), block):
        if leave.lineno < before:
            around = [one for one in nodes_of(ast.If, block) if spans_line(one, leave.lineno)]
            tests = [ast.unparse(one.test) for one in around]
            if tests != [f"{own}.{attribute}"]:
                return True
    return False


def is_new(thing: object, attribute: str) -> bool | None:
    """Return whether *attribute* is as it was when *thing* was made, None if that is unknown."""
    kind, now = type(thing), objects.attribute(thing, attribute)
    makers = (function for name, function in attribute_origins.methods_of(kind) if name == MAKES)
    first = [one for maker in makers for one in _given(maker, attribute)]
    first = first or [objects.class_attribute(kind, attribute)]
    if any(_is_same(one, now) for one in first):
        return True
    return False if all(map(meaning.known, first)) else None


def _given(function: FunctionType, attribute: str) -> Iterator[object]:
    """Yield the values that *function* gives *attribute* of its object, maybe UNKNOWN."""
    for value in attribute_origins.given_by(function, attribute):
        yield meaning.of(value, function)


def _own_calls(function: FunctionType) -> set[str]:
    """Return the methods that *function* calls on its own object."""
    block = parsed_files.function_of(function.__code__)
    own = bindings.first_parameter(block) if isinstance(block, bindings.Function) else None
    called = (one.func for one in calls_in(block))
    return {
        one.attr
        for one in called
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.value.id == own
    }


def _is_same(one: object, other: object) -> bool:
    plain = type(one) is type(other) and type(one) in (bool, int, str)
    return meaning.known(one) and (one is other or (plain and one == other))
