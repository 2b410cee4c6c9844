"""What became of live fixtures, as records: nothing in them keeps a fixture's value alive."""

from __future__ import annotations

from typing import Any

import pytest

from loopcheck.faces.fixtures_live import LiveFixtures
from loopcheck.faces.live_outcomes import Down, Raised, SetUpFailed, Up
from loopcheck.facts import gather, journal
from loopcheck.facts.labels import Labels, plain
from loopcheck.facts.probes import failure, fixtures, objects, test_only
from loopcheck.facts.records import (
    DownRecord,
    Evidence,
    FixtureError,
    FixtureRecord,
    Place,
    UpRecord,
)
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.finding import Finding


def up(one: Up, live: LiveFixtures, labels: Labels) -> UpRecord:
    """Return a fixture that was brought up, as a record."""
    return UpRecord(
        name=one.name,
        type=objects.type_name(one.value),
        fixture=_fixture(one.definition, live, labels),
        set_up=tuple(_fixture(each, live, labels) for each in one.begun),
        parameter=one.param,
        other_parameters=one.other_params,
        already=one.already,
        changed=one.changed,
    )


def _fixture(definition: Any, live: LiveFixtures, labels: Labels) -> FixtureRecord:
    return fixtures.read_one(definition, live.item or live.held.place, labels)


def down(one: Down, labels: Labels) -> DownRecord:
    """Return what was taken down, as a record."""
    return DownRecord(
        asked=tuple(one.asked),
        torn=tuple(one.torn),
        errors=tuple(error(each, labels) for each in one.errors),
    )


def error(raised: Raised, labels: Labels) -> FixtureError:
    """Return what a fixture raised, with the user's innermost line."""
    [link, *_] = failure.chain(raised.error)
    read = failure.read_error(link, labels)
    last = link.user
    asked = (
        test_only.asked_of_test(raised.error, last.frame.f_code.co_filename, last.line)
        if last is not None
        else None
    )
    at = Place(labels.file(last.frame.f_code.co_filename), last.line) if last is not None else None
    return FixtureError(
        fixture=raised.fixture,
        type=read.type,
        message=" ".join(_message(raised.error, read.message, labels).split()),
        place=at or fixtures.place(raised.definition, labels) if raised.definition else at,
        test_only=asked,
    )


def _message(error: BaseException, message: str, labels: Labels) -> str:
    """Return the words of an error, without what pytest lists below them; or what they lack."""
    if isinstance(error, StopAsyncIteration) and not message:
        return "it came to its end without a `yield`"
    if isinstance(error, pytest.FixtureLookupError):
        there = fixtures.visible(str(error.argname), error.request._pyfuncitem)
        why = "needs itself" if there else "is defined nowhere"
        return plain(error.msg or f"`{error.argname}` {why}")
    if (first := _first_of(error)) is not error:
        [link, *_] = failure.chain(first)
        inner = failure.read_error(link, labels)
        return f"{message}, first {inner.type.rpartition('.')[2]}: {inner.message}"
    return message.partition("Requesting fixture stack:")[0]


def _first_of(error: BaseException) -> BaseException:
    """Return the first error of a group that is no group."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return error


def explained(failed: SetUpFailed, live: LiveFixtures, labels: Labels) -> tuple[Finding, ...]:
    """Return why a set-up failed, and keep it for `%loopcheck why`."""
    evidence: Evidence = gather.of_failure(
        failed.raised.error, labels, failed.item, "setup", live.loop
    )
    found = diagnose(evidence)
    journal.add(journal.Run(source="%asyncfixture up", findings=found, failed=1))
    return found
