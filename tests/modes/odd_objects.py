"""Objects of all kinds, and what Python says of their attributes. For tests of all folders."""

import asyncio
import collections
import enum
import functools
import sys
import threading
import types
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple
from unittest.mock import AsyncMock, MagicMock, Mock, NonCallableMock, create_autospec

from loopcheck.process.objects import ABSENT

ROWS = ["ready"]
NAMES = (
    *("rows", "none", "method", "static", "of_class", "computed", "lazy", "kept", "slot", "unset"),
    *("called", "real", "deleted", "missing", "__doc__", "__name__", "__dict__", "__class__"),
    *("__module__", "__func__", "func", "mro", "_value", "_state", "maxlen", "x", "A", "shared"),
)


class Descriptor:
    """Gives another value each time, and counts how often it was asked."""

    asked = 0

    def __get__(self, instance: object, owner: object = None) -> int:
        Descriptor.asked += 1
        return Descriptor.asked


class Service:
    rows = ROWS
    none = None
    shared: ClassVar[int] = 3
    lazy = Descriptor()

    def method(self) -> None: ...

    @staticmethod
    def static() -> None: ...

    @classmethod
    def of_class(cls) -> None: ...

    @property
    def computed(self) -> int:
        Descriptor.asked += 1
        return 1

    @functools.cached_property
    def kept(self) -> list[int]:
        Descriptor.asked += 1
        return [1]


class Emptied(Service):
    def __init__(self) -> None:
        self.rows = None  # type: ignore[assignment]
        self.none = 5  # type: ignore[assignment]
        self.method = None  # type: ignore[assignment,method-assign]
        vars(self).update(computed="hidden by the property", lazy="before what is no data", kept=2)


class Slotted:
    __slots__ = ("rows", "slot", "unset")

    def __init__(self) -> None:
        self.rows = None
        self.slot = ROWS


class OverSlots(Slotted):
    slot = 5  # type: ignore[assignment]


class Answers(Service):
    def __getattr__(self, name: str) -> object:
        Descriptor.asked += 1
        return name


class Decides(Service):
    def __getattribute__(self, name: str) -> object:
        return object.__getattribute__(self, "rows")


class Meta(type):
    x = ROWS

    def method(cls) -> None: ...

    @property
    def rows(cls) -> str:
        Descriptor.asked += 1
        return "by the metaclass"


class MetaAnswers(type):
    def __getattr__(cls, name: str) -> object:
        Descriptor.asked += 1
        return name


class Made(metaclass=Meta):
    rows = ROWS


class Child(Made):
    x = None


class Asked(metaclass=MetaAnswers):
    rows = None


class Colour(enum.Enum):
    A = 1


class Row(NamedTuple):
    x: int
    rows: object = None


@dataclass
class Record:
    rows: list[str] | None = None
    x: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SlottedRecord:
    rows: list[str] | None = None


class Liar(Service):
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise AssertionError("asked for __class__")


class OfLibrary(dict[str, object]):
    rows = None


def mocks() -> list[object]:
    named = MagicMock()
    named.rows = None
    named.x = ROWS
    named.called_later.x = 1
    asked = Mock()
    asked.missing()
    del asked.deleted
    made = create_autospec(Service)
    return [
        *(named, asked, made, made.return_value, create_autospec(Service, instance=True)),
        *(Mock(spec=["rows"]), AsyncMock(), NonCallableMock(rows=None), MagicMock(Service)),
        *(Mock(wraps=Emptied()), create_autospec(ROWS)),
    ]


def module(**kept: object) -> types.ModuleType:
    made = types.ModuleType("made")
    vars(made).update(rows=None, x=ROWS, **kept)
    return made


class LazyModule(types.ModuleType):
    rows = ROWS

    @property
    def computed(self) -> int:
        Descriptor.asked += 1
        return 1


def things() -> list[object]:
    plain = Service()
    plain.method.__func__.__dict__["x"] = None  # type: ignore[attr-defined]
    loop = asyncio.new_event_loop()
    future: asyncio.Future[None] = asyncio.Future(loop=loop)
    loop.close()
    return [
        *(plain, Service, Emptied(), Emptied, Slotted(), Slotted, OverSlots(), OverSlots),
        *(Answers(), Answers, Decides(), Decides, Made(), Made, Child(), Child, Meta),
        *(Asked(), Asked, Colour, Colour.A, Row(1), Row, Record(), Record, SlottedRecord()),
        *(Liar(), OfLibrary(), None, 5, "text", ROWS, collections.deque(maxlen=3), object()),
        *(plain.method, Service.method, functools.partial(print, x=1), types.SimpleNamespace()),
        *(types.SimpleNamespace(rows=None), ValueError("x"), threading.local(), loop, future),
        *(threading.Semaphore(), asyncio.Event(), asyncio.Queue[int](), type, object, Descriptor()),
        *(module(), module(__getattr__=str), LazyModule("lazy"), asyncio, sys),
        *mocks(),
    ]


def pythons(thing: object, name: str) -> object:
    try:
        return getattr(thing, name)
    except AttributeError:
        return ABSENT


def same(one: object, other: object) -> bool:
    """Return whether two answers are one: a method is made anew whenever it is asked for."""
    bound = (types.MethodType, types.BuiltinMethodType, types.MethodWrapperType)
    if one is other:
        return True
    return type(one) is type(other) and isinstance(one, bound) and one == other
