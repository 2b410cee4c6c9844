"""Dataclasses that cost next to nothing until one is made.

The standard library's compiles several functions for each class: with 140 of them that was a third
of what it took to read all that explains a failure. Here all share what needs no compiling, and
`__init__` is compiled for those that are really made. Slots always, and no base classes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError
from typing import TYPE_CHECKING, Any, TypeVar, cast, dataclass_transform

Made = TypeVar("Made")
_set = object.__setattr__

if TYPE_CHECKING:  # mypy knows more of those: that a function in a field is no method
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen=False, eq=True, kw_only=False):
        """Return what makes a class a dataclass with slots."""
        return lambda cls: _made(cls, frozen, eq, kw_only)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def frozen(cls: type[Made]) -> type[Made]:
    """Return *cls* as a record: frozen, made by keywords alone, equal to what says the same."""
    return _made(cls, True, True, True)


def replace(made: Made, **changes: object) -> Made:
    """Return what *made* is, but for *changes*."""
    cls: Any = type(made)
    same = {name: getattr(made, name) for name in cls.__slots__ if name not in changes}
    return cls(**same, **changes)  # type: ignore[no-any-return]


def names_of(value: object) -> tuple[str, ...] | None:
    """Return the names of the fields of *value*, None if it is no dataclass of either kind."""
    cls: Any = type(value)
    fields = vars(cls).get("__dataclass_fields__", ())
    return cls.__slots__ if type(fields) is _Fields else tuple(fields) or None


def _made(cls: type[Made], frozen: bool, eq: bool, kw_only: bool) -> type[Made]:
    names = tuple(_annotations(cls))
    space = {name: kept for name, kept in vars(cls).items() if name not in DROPPED}
    defaults = {name: space.pop(name) for name in names if name in space}
    space["__slots__"] = names
    space["__match_args__"] = () if kw_only else names
    space["__dataclass_fields__"] = space["_light"] = _Fields(cls, defaults, frozen, kw_only)
    space["__dataclass_params__"] = PARAMS
    if eq:
        space["__eq__"], space["__hash__"] = _equal, _hash if frozen else None
    if frozen:
        space["__setattr__"] = space["__delattr__"] = _refuse
        space["__reduce__"] = _reduce
    space.setdefault("__repr__", _shown)
    made: Any = type(cls.__name__, (), space)
    made.__qualname__ = cls.__qualname__
    made.__init__ = _init_when_needed
    return made  # type: ignore[no-any-return]


DROPPED = ("__dict__", "__weakref__")
# What `pprint` asks for: it is to take our `__repr__`.
# With a docstring: to write one, `dataclasses` would ask `inspect` for a signature, for 1 ms.
PLAIN = type("Plain", (), {"__doc__": "A class without fields."})
PARAMS = vars(dataclasses.dataclass(init=False, repr=False, eq=False)(PLAIN))[
    "__dataclass_params__"
]


def _annotations(cls: type) -> dict[str, object]:
    known = vars(cls).get("__annotations__")
    if known is None:  # 3.14+: they are made when asked for, and some name what only mypy imports
        import annotationlib  # type: ignore[import-not-found,unused-ignore]

        known = annotationlib.get_annotations(cls, format=annotationlib.Format.FORWARDREF)
    return cast("dict[str, object]", known)


class _Fields:
    """The fields, as `dataclasses.fields` and `asdict` want them, made when somebody asks."""

    __slots__ = ("cls", "defaults", "frozen", "kw_only")

    def __init__(self, cls: type, defaults: dict[str, Any], frozen: bool, kw_only: bool) -> None:
        self.cls, self.defaults, self.frozen, self.kw_only = cls, defaults, frozen, kw_only

    def __get__(self, one: object, cls: Any) -> dict[str, Field[Any]]:
        space = {
            "__annotations__": _annotations(self.cls),
            "__module__": self.cls.__module__,
            "__doc__": PLAIN.__doc__,
        }
        plain = type(self.cls.__name__, (), space | self.defaults)
        make = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=self.kw_only)
        same: Any = make(plain)
        cls.__dataclass_fields__ = found = vars(same)["__dataclass_fields__"]
        return found  # type: ignore[no-any-return]


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__slots__])


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    for name in self.__slots__:  # most that differ do so at once
        mine, theirs = getattr(self, name), getattr(other, name)
        if mine is not theirs and mine != theirs:
            return False
    return True


def _hash(self: Any) -> int:
    return hash(_values(self))


def _shown(self: Any) -> str:
    parts = zip(self.__slots__, _values(self), strict=True)
    return f"{type(self).__qualname__}({', '.join(f'{name}={kept!r}' for name, kept in parts)})"


def _refuse(self: Any, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r} of a {type(self).__name__}")


def _reduce(self: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _again, (type(self), _values(self))


def _again(cls: Any, values: tuple[Any, ...]) -> Any:
    return cls(**dict(zip(cls.__slots__, values, strict=True)))


def _init_when_needed(self: Any, *args: Any, **given: Any) -> None:
    """Compile the `__init__` of a class when its first instance is made, and run it.

    One function for all classes: a closure each would be seven objects more for the collector.
    """
    cls = type(self)
    known = vars(cls)["_light"]
    cls.__init__ = _compiled(cls, known.defaults, known.frozen, known.kw_only)
    cls.__init__(self, *args, **given)


def _compiled(
    cls: Any, defaults: dict[str, Any], frozen: bool, kw_only: bool
) -> Callable[..., None]:
    """Return the `__init__` that a dataclass would have."""
    known: dict[str, Any] = {"_set": _set, "_absent": MISSING}
    params, lines = ["self", "*"] if kw_only else ["self"], []
    for name in cls.__slots__:
        value, default = name, defaults.get(name, MISSING)
        if isinstance(default, Field) and default.default_factory is not MISSING:
            known[f"_new_{name}"] = default.default_factory
            value = f"_new_{name}() if {name} is _absent else {name}"
            params.append(f"{name}=_absent")
        elif default is MISSING:
            params.append(name)
        else:
            known[f"_{name}"] = default.default if isinstance(default, Field) else default
            params.append(f"{name}=_{name}")
        lines.append(
            f"    _set(self, {name!r}, {value})" if frozen else f"    self.{name} = {value}"
        )
    exec(f"def __init__({', '.join(params)}):\n" + "\n".join(lines), known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made
