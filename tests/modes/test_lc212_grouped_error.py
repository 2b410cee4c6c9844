"""LC212: it names the line that expects a member of a group, and leaves all other groups alone."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.tasks.lc212_grouped_error import detect, fixes
from loopcheck.modes.tasks.lc212_grouped_error.evidence import GroupedError, find_grouped_error
from loopcheck.process import failure
from loopcheck.records import ErrorRecord, Evidence, Place
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source

GROUP = ErrorRecord(
    type="ExceptionGroup",
    message="unhandled errors in a TaskGroup (1 sub-exception)",
    module="asyncio.taskgroups",
    function="__aexit__",
    raised="other",
    owner="library",
)
SEEN = GroupedError(
    how="except",
    written="SoldOut",
    place=Place("shop.py", 9, "order"),
    member="shop.SoldOut",
    count=1,
    nested=False,
    group="asyncio.TaskGroup",
    opened_at=Place("shop.py", 6, "order"),
)


def case(seen: GroupedError | None, error: ErrorRecord = GROUP) -> Evidence:
    return Evidence.knowing({find_grouped_error: seen}, errors=(error,))


def look(run: Any) -> GroupedError | None:
    """Return what is read of the error that the coroutine function *run* raises."""
    with pytest.raises((Exception, ExceptionGroup)) as raised:
        asyncio.run(run())
    links = tuple(failure.chain(raised.value))
    return find_grouped_error(
        Live(raised.value, links, None, "call", Labels(str(Path(__file__).parent)), None)
    )


def test_the_handler_and_the_lines_of_the_group_are_named() -> None:
    [found] = diagnose(case(SEEN))
    assert (found.code, found.certainty, found.where) == ("LC212", "certain", SEEN.place)
    assert found.what == (
        "`except SoldOut` at shop.py:9 expects `SoldOut`, but an `ExceptionGroup` with one of them"
        " arrives."
    )
    assert "Write `except*` at shop.py:9" in found.fix


def test_a_group_in_a_group_is_not_said_to_be_opened_by_its_first_member() -> None:
    [found] = detect(case(replace(SEEN, how="raises", nested=True)))
    assert "RaisesGroup(SoldOut, flatten_subgroups=True)" in found.fix
    assert "exceptions[0]" not in found.fix


@pytest.mark.parametrize("kind", ["ValueError", "RuntimeError"])
def test_what_is_no_group_asks_nothing(kind: str) -> None:
    assert not list(detect(case(SEEN, replace(GROUP, type=kind))))
    assert not list(detect(Evidence()))


caught: list[int] = []  # no handler here may take its error


async def fails(kind: type[Exception]) -> None:
    raise kind("no")


async def group_of(*kinds: type[Exception]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for kind in kinds:
            tasks.create_task(fails(kind))


def test_a_group_of_what_a_handler_names_went_past_it() -> None:
    async def run() -> None:
        try:
            await group_of(KeyError, IndexError)
        except LookupError:
            caught.append(1)

    seen = look(run)
    assert seen is not None
    assert (seen.written, seen.member, seen.count) == ("LookupError", "KeyError", 2)
    assert (seen.how, seen.group, seen.nested) == ("except", "asyncio.TaskGroup", False)


def test_two_handlers_of_one_try_name_the_members_together() -> None:
    async def run() -> None:
        try:
            await group_of(ValueError, KeyError)
        except ValueError:
            caught.append(1)
        except KeyError:
            caught.append(1)

    assert look(run) is not None


def look_alikes() -> Iterator[Any]:
    async def one_is_a_bug() -> None:
        try:
            await group_of(ValueError, KeyError)
        except ValueError:
            caught.append(1)

    async def caught_and_raised_again() -> None:
        try:
            await group_of(ValueError)
        except ValueError:
            caught.append(1)
        except ExceptionGroup:
            raise

    async def with_a_star() -> None:
        try:
            await group_of(ValueError)
        except* KeyError:
            caught.append(1)

    async def outside_of_the_try() -> None:
        try:
            await asyncio.sleep(0)
        except ValueError:
            caught.append(1)
        await group_of(ValueError)

    async def in_the_handler() -> None:
        try:
            await fails(KeyError)
        except KeyError:
            await group_of(KeyError)

    async def no_group() -> None:
        try:
            await fails(KeyError)
        except ValueError:
            caught.append(1)

    yield from (one_is_a_bug, caught_and_raised_again, with_a_star)
    yield from (outside_of_the_try, in_the_handler, no_group)


@pytest.mark.parametrize("run", [*look_alikes()], ids=lambda one: one.__name__)
def test_a_group_that_no_handler_waited_for_is_left_alone(run: Any) -> None:
    assert look(run) is None


def star(handler: str) -> str:
    text = f"try:\n    go()\nexcept ValueError{handler}\n"
    source = Source("shop.py", text)
    [change] = fixes._starred(source, 3)
    assert change.start == change.end == (3, len("except"))
    return change.text


def test_an_except_that_only_counts_gets_a_star() -> None:
    assert star(" as error:\n    failed += 1") == "*"


@pytest.mark.parametrize(
    "handler", [" as e:\n    log(e)", ":\n    raise", ":\n    raise OSError from None"]
)
def test_a_handler_that_would_meet_the_group_itself_has_no_edit(handler: str) -> None:
    with pytest.raises(NoSplice):
        star(handler)
