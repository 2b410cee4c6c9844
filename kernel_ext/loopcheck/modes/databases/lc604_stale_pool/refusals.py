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

from loopcheck.process import failure, objects, thread_stacks
from loopcheck.source.statements import raise_conditions
from loopcheck.source.values import assertions, closing_methods, meaning
from loopcheck.source.values.callees import Env

_RAISE = dis.opmap["RAISE_VARARGS"]


class Refusal(NamedTuple):
    """Lives only while loopcheck gathers evidence."""

    thing: object
    attribute: str


def of(link: failure.Link) -> Iterator[Refusal]:
    """Yield the object that raised the error of *link*, with each attribute that may be why."""
    last = link.trace[-1] if link.trace else None
    if last is not None:
        found = _said(last) if _raises(last) else _of_none(link.error, last)
        for one in dict.fromkeys(found):
            if not (objects.is_a(one.thing, type) or objects.is_loop(one.thing)):
                yield one


def users(thing: object, link: failure.Link) -> tuple[failure.Step, ...]:
    """Return the user frames of *link* that use *thing*, innermost first, not its methods."""
    steps = link.users
    while steps and _is_method(steps[0].frame.f_code, type(thing)):
        steps = steps[1:]
    return steps


def ends(thing: object, link: failure.Link) -> bool:
    """Return whether the error of *link* comes from a method that ends *thing*."""
    code = link.trace[-1].frame.f_code
    return closing_methods.closes(code.co_name) and _is_method(code, type(thing))


def _is_method(code: CodeType, kind: type) -> bool:
    found = objects.class_attribute(kind, code.co_name)
    return objects.code_of(found.fget if type(found) is property else found) is code


def _raises(step: failure.Step) -> bool:
    """Return whether *step* is at a `raise`: only then its file has to be read."""
    code = step.frame.f_code.co_code
    return 0 <= step.instruction < len(code) and code[step.instruction] == _RAISE


def _said(step: failure.Step) -> Iterator[Refusal]:
    """Yield the attributes in the condition of the `raise` at *step*."""
    code = step.frame.f_code
    name = code.co_varnames[0] if code.co_argcount else None
    test = raise_conditions.condition_of(code.co_filename, step.line)
    own = thread_stacks.locals_of(step.frame).get(name) if name is not None else None
    if test is None or name is None or own is None or objects.is_mock(own):
        return
    for part in _true_parts(test, meaning.names_of(step.frame)):
        for attribute in closing_methods.attributes_read(part, name, type(own)):
            yield Refusal(own, attribute)


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
