"""What an attribute is: Python's own answer, or UNKNOWN. Nothing of the user's runs."""

import ast
import asyncio
import collections
import enum
import functools
import sys
import threading
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any, ClassVar, NamedTuple
from unittest.mock import AsyncMock, MagicMock, Mock, NonCallableMock, create_autospec

import pytest

from loopcheck.process import object_names, objects
from loopcheck.process.objects import ABSENT, UNKNOWN
from loopcheck.runner import undone_changes
from loopcheck.source.values import dotted_names, frame_expressions, lookups

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


def cases() -> list[tuple[object, str]]:
    return list(product(things(), NAMES))


def test_the_answer_is_pythons_own_or_unknown() -> None:
    told = 0
    for thing, name in cases():
        found = objects.attribute(thing, name)
        told += found is not UNKNOWN
        if found is not UNKNOWN:
            assert same(found, pythons(thing, name)), f"{type(thing)}: {name}"
    assert told > len(cases()) / 2  # it is no way out to know nothing


def test_nothing_of_the_users_runs() -> None:
    every = cases()
    before = Descriptor.asked
    for thing, name in every:
        objects.attribute(thing, name)
        objects.own_attribute(thing, name)
    assert Descriptor.asked == before


@pytest.mark.parametrize(
    ("thing", "name", "expected"),
    [
        (Emptied(), "rows", None),
        (Emptied(), "missing", ABSENT),
        (Emptied(), "computed", UNKNOWN),
        (Slotted(), "rows", None),
        (Slotted(), "slot", ROWS),
        (Slotted(), "unset", ABSENT),
        (Service(), "rows", ROWS),
        (Service, "none", None),
        (Service(), "kept", UNKNOWN),
        (Answers(), "missing", UNKNOWN),
        (Decides(), "rows", UNKNOWN),
        (Made, "rows", UNKNOWN),
        (Made(), "rows", ROWS),
        (Child, "x", None),
        (Asked, "missing", UNKNOWN),
        (module(), "rows", None),
        (module(), "missing", ABSENT),
        (module(__getattr__=str), "missing", UNKNOWN),
        (Record(), "rows", None),
        (SlottedRecord(), "rows", None),
        (None, "rows", ABSENT),
    ],
)
def test_none_absent_and_unknown_are_three_answers(
    thing: object, name: str, expected: object
) -> None:
    assert objects.attribute(thing, name) is expected


@pytest.mark.parametrize(
    ("thing", "name", "expected"),
    [
        (Emptied(), "rows", None),
        (Emptied(), "missing", ABSENT),
        (Service(), "rows", ABSENT),
        (Slotted(), "unset", ABSENT),
        (Slotted(), "rows", None),
        (Service, "rows", ROWS),
        (Emptied, "rows", ABSENT),
        (asyncio.Future(loop=asyncio.new_event_loop()), "_state", UNKNOWN),
    ],
)
def test_what_an_object_keeps_itself_is_told_from_what_its_class_has(
    thing: object, name: str, expected: object
) -> None:
    assert objects.own_attribute(thing, name) is expected


EVALUATORS: tuple[tuple[Callable[[object, str], object], object], ...] = (
    (dotted_names.attribute, dotted_names.UNKNOWN),
    (frame_expressions.attribute, frame_expressions.NOTHING),
    (lookups.kept, lookups.MISSING),
)


@pytest.mark.parametrize(("read", "unknown"), EVALUATORS)
def test_whoever_works_out_an_expression_says_the_same(
    read: Callable[[object, str], object], unknown: object
) -> None:
    """A bound method of the user's is a record of its own for `values`."""
    for thing, name in cases():
        found = read(thing, name)
        if type(found) is lookups.Method:
            found = types.MethodType(found.function, found.of)
        if found is not unknown:
            assert same(found, pythons(thing, name)), f"{type(thing)}: {name}"
    assert read(Emptied(), "rows") is None


def test_a_line_that_failed_is_worked_out_the_same_way() -> None:
    space = {"broken": Emptied(), "whole": Service()}

    def of(text: str) -> object:
        return undone_changes._object(ast.parse(text, mode="eval").body, space)

    assert of("broken.rows") is None
    assert of("whole.rows") is ROWS
    assert of("broken.computed") is undone_changes.NOTHING


def test_an_instance_that_was_given_none_has_it_for_itself() -> None:
    assert object_names._has_its_own(Emptied(), "rows")
    assert not object_names._has_its_own(Service(), "rows")
