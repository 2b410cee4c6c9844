"""What an attribute is: Python's own answer, or UNKNOWN. Nothing of the user's runs."""

import asyncio
import enum
from itertools import product

import pytest
from odd_objects import (
    NAMES,
    ROWS,
    Answers,
    Asked,
    Child,
    Decides,
    Descriptor,
    Emptied,
    Made,
    Record,
    Service,
    Slotted,
    SlottedRecord,
    module,
    pythons,
    same,
    things,
)

from loopcheck.process import object_names, objects
from loopcheck.process.objects import ABSENT, UNKNOWN
from loopcheck.source.values import getattr_fallbacks, plain_properties


class State:
    _kept: dict[str, object]

    def __getattr__(self, name: str) -> object:
        return self._kept[name]


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


def test_what_getattr_only_reads_from_a_dict_is_read_there() -> None:
    state = State()
    state._kept = {"rows": ROWS}
    assert getattr_fallbacks.attribute(state, "rows") is ROWS
    for thing, name in cases():
        found = getattr_fallbacks.attribute(thing, name)
        if found is not UNKNOWN:
            assert same(found, pythons(thing, name)), f"{type(thing)}: {name}"


class Wrapper:
    def __init__(self, inner: object) -> None:
        self._inner = inner
        self.asked = 0

    @property
    def inner(self) -> object:
        """It has a docstring."""
        return self._inner

    @property
    def rows(self) -> object:
        return self.inner.rows  # type: ignore[attr-defined]

    @property
    def counted(self) -> object:
        self.asked += 1
        return self._inner

    @property
    def missing(self) -> object:
        return self._absent  # type: ignore[attr-defined]


def test_what_a_property_only_returns_is_read_without_running_it() -> None:
    service = Service()
    wrapper = Wrapper(Wrapper(service))
    assert plain_properties.attribute(wrapper, "rows") is ROWS
    assert plain_properties.attribute(wrapper, "counted") is UNKNOWN
    assert plain_properties.attribute(wrapper, "missing") is UNKNOWN
    assert wrapper.asked == 0
    for thing, name in cases():
        found = plain_properties.attribute(thing, name)
        if found is not UNKNOWN:
            assert same(found, pythons(thing, name)), f"{type(thing)}: {name}"


def test_an_instance_that_was_given_none_has_it_for_itself() -> None:
    assert object_names._has_its_own(Emptied(), "rows")
    assert not object_names._has_its_own(Service(), "rows")


class Heat(str, enum.Enum):  # noqa: UP042 (as most projects write it)
    LOW = "low"

    @property
    def upper_name(self) -> str:
        return self.name.upper()


class Level(enum.Enum):
    """Its `value` is its own."""

    LOW = 1

    @property
    def value(self) -> int:
        return 7


def test_the_name_and_the_value_of_a_member_are_pythons_own() -> None:
    for member, name in ((Heat.LOW, "value"), (Heat.LOW, "name"), (Level.LOW, "name")):
        assert plain_properties.attribute(member, name) == getattr(member, name)
    assert plain_properties.attribute(Level.LOW, "value") is UNKNOWN
    assert plain_properties.attribute(Heat.LOW, "upper_name") is UNKNOWN
