"""How most records are made: frozen dataclasses that cost next to nothing until one is needed.

`dataclass(frozen=True, slots=True, kw_only=True)` compiles seven functions for each class, and
there are seventy classes: a tenth of a second before the first failure could be explained. Here
all share what needs no compiling, and `__init__` is compiled for those that are really made.
"""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

Made = TypeVar("Made")
_set = object.__setattr__


@dataclass_transform(frozen_default=True, kw_only_default=True)
def frozen(cls: type[Made]) -> type[Made]:
    """Return *cls* as a dataclass: frozen, with slots, made by keywords alone."""
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(cls)
    made.__init__ = _init_when_needed(made)
    made.__setattr__ = made.__delattr__ = _refuse
    made.__eq__, made.__hash__, made.__reduce__ = _equal, _hash, _reduce
    if cls.__repr__ is object.__repr__:
        made.__repr__ = _shown
    return made  # type: ignore[no-any-return]


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__dataclass_fields__])


def _equal(self: Any, other: object) -> Any:
    names = self.__dataclass_fields__
    if other.__class__ is not self.__class__:
        return NotImplemented
    for name in names:  # most that differ do so at once
        mine, theirs = getattr(self, name), getattr(other, name)
        if mine is not theirs and mine != theirs:
            return False
    return True


def _hash(self: Any) -> int:
    return hash(_values(self))


def _shown(self: Any) -> str:
    parts = zip(self.__dataclass_fields__, _values(self), strict=True)
    return f"{type(self).__qualname__}({', '.join(f'{name}={kept!r}' for name, kept in parts)})"


def _refuse(self: Any, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r} of a {type(self).__name__}")


def _reduce(self: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _again, (type(self), _values(self))


def _again(cls: Any, values: tuple[Any, ...]) -> Any:
    return cls(**dict(zip(cls.__dataclass_fields__, values, strict=True)))


def _init_when_needed(cls: Any) -> Callable[..., None]:
    def __init__(self: Any, *args: Any, **given: Any) -> None:
        cls.__init__ = _compiled(cls)
        cls.__init__(self, *args, **given)

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    return __init__


def _compiled(cls: Any) -> Callable[..., None]:
    """Return the `__init__` that a dataclass would have."""
    known: dict[str, Any] = {"_set": _set}
    params, lines = ["self", "*"], []
    for one in fields(cls):
        params.append(one.name if one.default is MISSING else f"{one.name}=_{one.name}")
        known[f"_{one.name}"] = one.default
        lines.append(f"    _set(self, {one.name!r}, {one.name})")
    exec(f"def __init__({', '.join(params)}):\n" + "\n".join(lines), known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made
