"""An object that refuses a call, and the attribute that decides so.

`if self._session is None: raise …` shows it, and so does `'NoneType' object has no attribute 'get'`
at `self._session.get(…)`.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from types import CodeType
from typing import NamedTuple

from loopcheck.process import failure, objects, parameters, thread_stacks
from loopcheck.source.nodes import nodes_of
from loopcheck.source.statements import raise_conditions
from loopcheck.source.values import assertions, lifecycle_methods, meaning
from loopcheck.source.values.callees import Env

_RAISE = dis.opmap["RAISE_VARARGS"]


class Refusal(NamedTuple):
    """Lives only while loopcheck gathers evidence."""

    thing: object
    attribute: str


def of(link: failure.Link, *, own: bool = False) -> Iterator[Refusal]:
    """Yield the object that raised the error of *link*, with each attribute that may be why.

    *own*: leave out what a method asks another object than its own.
    """
    last = link.trace[-1] if link.trace else None
    if last is not None:
        found = _said(last, own) if _raises(last) else _of_none(link.error, last)
        seen: set[tuple[int, str]] = set()  # its class may have a hash of its own, or none
        for one in found:
            key = id(one.thing), one.attribute
            if not (key in seen or objects.is_a(one.thing, type) or objects.is_loop(one.thing)):
                seen.add(key)
                yield one


def users(thing: object, link: failure.Link) -> tuple[failure.Step, ...]:
    """Return the user frames of *link* that use *thing*, innermost first, not its methods."""
    steps = link.users
    if steps[1:] and link.trace[-1] == steps[0] and _raises(steps[0]):
        steps = steps[1:]  # the refusal itself
    while steps and _is_method(steps[0].frame.f_code, type(thing)):
        steps = steps[1:]
    return steps


def ends(thing: object, link: failure.Link) -> bool:
    """Return whether the error of *link* comes from a method that ends *thing*."""
    code = link.trace[-1].frame.f_code
    return lifecycle_methods.closes(code.co_name) and _is_method(code, type(thing))


def _is_method(code: CodeType, kind: type) -> bool:
    found = objects.class_attribute(kind, code.co_name)
    return objects.code_of(found.fget if type(found) is property else found) is code


def _raises(step: failure.Step) -> bool:
    """Return whether *step* is at a `raise`: only then its file has to be read."""
    code = step.frame.f_code.co_code
    return 0 <= step.instruction < len(code) and code[step.instruction] == _RAISE


def _said(step: failure.Step, own: bool) -> Iterator[Refusal]:
    """Yield the attributes in the condition of the `raise` at *step*.

    They are of the method's own object, or of what a local name has: `parent = self._parent`.
    """
    code = step.frame.f_code
    test = raise_conditions.condition_of(code.co_filename, step.line)
    if test is None:
        return
    held = thread_stacks.locals_of(step.frame)
    first = parameters.first(code)
    for part in _true_parts(test, meaning.names_of(step.frame)):
        for name in dict.fromkeys(one.id for one in nodes_of(ast.Name, part)):
            thing = held.get(name)
            if thing is not None and not objects.is_mock(thing) and (name == first or not own):
                for attribute in lifecycle_methods.attributes_read(part, name, type(thing)):
                    yield Refusal(thing, attribute)


def _true_parts(test: ast.expr, env: Env) -> Iterator[ast.expr]:
    """Yield the operands of an `or` that may have been true, else the condition *test* itself."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=parts):
            yield from (one for one in parts if assertions.told(one, env) is not False)
        case _:
            yield test


def _of_none(error: BaseException, step: failure.Step) -> Iterator[Refusal]:
    """Yield the attributes at *step* that are None, and whose own attribute it reads."""
    wanted = objects.peek(error, "name") if type(error) is AttributeError else None
    if type(wanted) is not str or not objects.said(error).startswith("'NoneType' object has no"):
        return
    for node in step.source.nodes():
        match node:
            case ast.Attribute(value=ast.Attribute(value=of, attr=name) as none, attr=attribute):
                owner = meaning.of(of, step.frame)
                plain = meaning.known(owner) and not objects.is_mock(owner)
                if attribute == wanted and plain and meaning.of(none, step.frame) is None:
                    yield Refusal(owner, name)
