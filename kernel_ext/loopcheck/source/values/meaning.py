"""The value of an expression: Python's own answer, ABSENT, or UNKNOWN. Nothing is run.

ABSENT: Python would raise a NameError, an AttributeError, or for a plain container a KeyError or an
IndexError. UNKNOWN: only running user code would show it, or the expression creates something new.
"""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
from collections import ChainMap, deque
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import CodeType, FrameType, FunctionType, WrapperDescriptorType
from typing import Any, Protocol, TypeAlias, cast

from loopcheck.process import objects
from loopcheck.process.objects import ABSENT, UNKNOWN


class Names(Protocol):
    """The values of names: a mapping, or an object with the same `get`."""

    def get(self, name: str, default: object, /) -> object: ...


Scope: TypeAlias = FrameType | FunctionType | Names
Attribute = Callable[[object, str], object]
Part = Callable[[object, object], object]
Other = Callable[[ast.AST], object]

MOST_KEYS = 10_000  # of a dict whose keys we check before a lookup: 0.5 ms
CODE = "@code"  # among names: their code object, to whose class `__name` is private
_NOT_THERE = object()  # a name may be there and ABSENT: it hides others
_KEYS = (str, int, bytes, bool, float, type(None))  # they hash and compare in C
_ROWS = (list, tuple, deque)


def known(answer: object) -> bool:
    """Return whether *answer* is a value: neither ABSENT nor UNKNOWN."""
    return answer is not ABSENT and answer is not UNKNOWN


def part(owner: object, key: object) -> object:
    """Return the value of `owner[key]` for a dict, a list, a tuple or a deque.

    A subclass of these counts if it does not override `[]`.
    """
    if not known(key):
        return key
    getter = objects.class_attribute(type(owner), "__getitem__")
    if getter is dict.__dict__["__getitem__"]:
        return _entry(cast("dict[object, object]", owner), key)
    if not any(type(key) is kind for kind in (int, bool)):  # `in` would call a metaclass
        return UNKNOWN
    for kind in _ROWS:
        if getter is kind.__dict__["__getitem__"]:
            try:
                return kind.__getitem__(cast("Any", owner), cast("int", key))
            except IndexError:
                return ABSENT
    return UNKNOWN


def _entry(many: dict[object, object], key: object) -> object:
    if not _compares_alone(many):
        return UNKNOWN
    if any(type(key) is kind for kind in _KEYS):
        found = dict.get(many, key, ABSENT)
    elif _equals_itself_alone(type(key)):
        found = next((one for own, one in list(dict.items(many)) if own is key), ABSENT)
    else:
        return UNKNOWN
    if found is ABSENT and objects.class_attribute(type(many), "__missing__") is not ABSENT:
        return UNKNOWN
    return found


def _equals_itself_alone(kind: type) -> bool:
    names = ("__eq__", "__hash__")
    return all(objects.class_attribute(kind, one) is getattr(object, one) for one in names)


def _compares_alone(many: dict[object, object]) -> bool:
    """Return whether no key of *many* may run code when another one is looked up."""
    if dict.__len__(many) > MOST_KEYS:
        return False
    kinds = {id(type(key)): type(key) for key in list(dict.keys(many))}
    equal = (objects.class_attribute(kind, "__eq__") for kind in kinds.values())
    return all(type(one) is WrapperDescriptorType for one in equal)


def of(
    expression: ast.AST | None,
    scope: Scope,
    *,
    attribute: Attribute = objects.attribute,
    part: Part = part,
    other: Other = lambda expression: UNKNOWN,
) -> object:
    """Return the value that Python gives *expression* in *scope*, or ABSENT, or UNKNOWN.

    For a function its closure and its module count, since its own names have no values before it
    runs. *attribute* and *part* are for callers that know more than the objects show: about mocks,
    about what was patched. *other* handles all expressions that would have to run, calls first.
    """

    def inner(expression: ast.AST) -> object:
        return of(expression, scope, attribute=attribute, part=part, other=other)

    match expression:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id=name):
            return named(name, scope)
        case ast.NamedExpr(value=value):
            given = inner(value)
            return given if given is not UNKNOWN else other(expression)
        case ast.Attribute(value=value, attr=name):
            owner = inner(value)
            mangled = _mangled(name, scope)
            if not known(owner) or mangled is None:
                return owner if not known(owner) else UNKNOWN
            return attribute(owner, mangled)
        case ast.Subscript(value=value, slice=key):
            owner = inner(value)
            return part(owner, inner(key)) if known(owner) else owner
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Call(func=ast.Name(id="getattr"), args=[value, word, *otherwise], keywords=[]) if (
            named("getattr", scope) is getattr and len(otherwise) < 2
        ):
            owner, asked, *default = given = [*map(inner, (value, word, *otherwise))]
            if not all(map(known, given)) or type(asked) is not str:
                return ABSENT if any(one is ABSENT for one in given) else UNKNOWN
            found = attribute(owner, asked)
            return default[0] if found is ABSENT and default else found
        case ast.AST():
            return other(expression)
    return UNKNOWN


def of_run(expression: ast.AST | None, frame: FrameType) -> object:
    """Return the value that *expression* had: of `(user := load())` what `user` is now."""

    def target(expression: ast.AST) -> object:
        match expression:
            case ast.NamedExpr(target=ast.Name(id=name)):
                return named(name, frame)
        return UNKNOWN

    return of(expression, frame, other=target)


# Names


def own_names(frame: FrameType) -> dict[str, object]:
    """Return the names of *frame* itself, with ABSENT for those that have no value now.

    What a class body uses from the function around it is UNKNOWN: no frame shows it.
    """
    code, there = frame.f_code, frame.f_locals
    if not code.co_flags & inspect.CO_OPTIMIZED:
        if type(there) is not dict:  # a class's `__prepare__` may have created it
            return dict.fromkeys(code.co_names, UNKNOWN)
        if code.co_name == "<module>":
            return there
        return {**dict.fromkeys(code.co_freevars, UNKNOWN), **there, CODE: code}
    found = {name: there.get(name, ABSENT) for name in _own_names(code)}
    kept = {k: one for k, one in found.items() if one is not ABSENT or not _asks_module(code, k)}
    return {**kept, CODE: code}


def names_of(frame: FrameType) -> Mapping[str, object]:
    """Return all names that *frame* sees, as a mapping that others can be put over."""
    return ChainMap(own_names(frame), frame.f_globals)


def in_call(function: FunctionType, given: Mapping[str, object]) -> Mapping[str, object]:
    """Return the names in a call of *function*; of its own names only those *given* are known."""
    shared = cast("dict[str, object]", function.__globals__)
    return ChainMap(own_in_call(function, given), shared)


def own_in_call(function: FunctionType, given: Mapping[str, object]) -> dict[str, object]:
    """Return the own names in a call of *function*, UNKNOWN except *given* and its closure."""
    own = dict.fromkeys(_own_names(function.__code__), UNKNOWN)
    return {**own, **objects.closed_over(function), **given, CODE: function.__code__}


def named(name: str, scope: Scope) -> object:
    """Return the value of *name* in *scope*: its own names first, then the module's, then Python's.

    A local name that has no value now is ABSENT, even if the module has one of that name.
    """
    if type(scope) is FrameType:
        return _in_frame(name, scope)
    if type(scope) is FunctionType:
        return _in_function(name, scope)
    mangled = _mangled(name, scope)
    found = scope.get(mangled, _NOT_THERE) if mangled is not None else UNKNOWN
    if found is not _NOT_THERE:
        return found
    return _of_python(name, scope.get("__builtins__", builtins))


def _in_frame(name: str, frame: FrameType) -> object:
    code = frame.f_code
    mangled = _mangled(name, frame)
    if mangled is None:
        return UNKNOWN
    if code.co_flags & inspect.CO_OPTIMIZED:
        # Other entries of f_locals come from code that called `locals()`.
        if mangled in _own_names(code):
            found = frame.f_locals.get(mangled, ABSENT)
            if found is not ABSENT or not _asks_module(code, mangled):
                return found
    else:
        own = frame.f_locals
        if type(own) is not dict:  # a class's `__prepare__` may have created it
            return UNKNOWN
        if (found := own.get(mangled, ABSENT)) is not ABSENT:
            return found
        if mangled in code.co_freevars:  # of the function around a class: no frame shows them
            return UNKNOWN
    return _shared(mangled, frame.f_globals, frame.f_builtins)


def _in_function(name: str, function: FunctionType) -> object:
    code = function.__code__
    mangled = _mangled(name, function)
    if mangled is None:
        return UNKNOWN
    if mangled in code.co_freevars:
        return objects.closed_over(function).get(mangled, ABSENT)
    if mangled in code.co_varnames or mangled in code.co_cellvars:
        return UNKNOWN
    pythons = cast("Any", function).__builtins__  # unknown to the type checker's stubs
    return _shared(mangled, function.__globals__, pythons)


def _own_names(code: CodeType) -> tuple[str, ...]:
    return (*code.co_varnames, *code.co_cellvars, *code.co_freevars)


@lru_cache(256)
def _asks_module(code: CodeType, name: str) -> bool:
    """Return whether *name* is the module's outside a comprehension.

    3.12+: a comprehension has no frame of its own, and its names are among its function's.
    """
    return name in code.co_names and any(
        step.opname == "LOAD_GLOBAL" and step.argval == name for step in dis.get_instructions(code)
    )


def _shared(name: str, space: dict[str, Any], pythons: object) -> object:
    if type(space) is not dict:  # this would call a `__getitem__` in user code
        return UNKNOWN
    found = space.get(name, ABSENT)
    return found if found is not ABSENT else _of_python(name, pythons)


def _of_python(name: str, pythons: object) -> object:
    space = vars(pythons) if objects.is_module(pythons) else pythons
    return space.get(name, ABSENT) if type(space) is dict else UNKNOWN


def _mangled(name: str, scope: Scope) -> str | None:
    """Return *name* as mangled: `_Class__name` for `__name` in a class; None if unknown."""
    if not name.startswith("__") or name.endswith("__"):
        return name
    code = _code_of(scope)
    if code is None:
        return name
    kind = _class_around(code)
    inside = f"_{kind.lstrip('_')}{name}" if kind.strip("_") else name
    said = (*code.co_names, *_own_names(code))
    return inside if inside in said or (inside == name and name in said) else None


def _code_of(scope: Scope) -> CodeType | None:
    if type(scope) is FrameType:
        return scope.f_code
    if type(scope) is FunctionType:
        return scope.__code__
    found = scope.get(CODE, None)
    return found if type(found) is CodeType else None


def _class_around(code: CodeType) -> str:
    """Return the innermost class around *code*, or whose body it is: "" if there is none."""
    parts = code.co_qualname.split(".")
    is_body = not code.co_flags & inspect.CO_OPTIMIZED and code.co_name != "<module>"
    for at in range(len(parts) - (0 if is_body else 1), 0, -1):
        if parts[at - 1] != "<locals>" and parts[at : at + 1] != ["<locals>"]:
            return parts[at - 1]
    return ""
