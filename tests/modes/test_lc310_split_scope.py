"""LC310: it names the fixture that holds a scope open, and only asks when anyio refuses an exit."""

from typing import Any

import pytest

from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.fixtures.lc310_split_scope import detect
from loopcheck.modes.fixtures.lc310_split_scope.evidence import SplitScope, find_split_scope
from loopcheck.records import ErrorRecord, Evidence, Place

REFUSED = ErrorRecord(
    type="RuntimeError",
    message="Attempted to exit cancel scope in a different task than it was entered in",
    module="anyio._backends._asyncio",
    function="__exit__",
    raised="other",
    owner="library",
)
GROUP = SplitScope(
    fixture="feed",
    place=Place("test_feed.py", 23, "feed"),
    kind="task group",
    manager="anyio.create_task_group()",
    direct=True,
)


def case(seen: SplitScope | None, error: ErrorRecord = REFUSED) -> Evidence:
    return Evidence.knowing({find_split_scope: seen}, errors=(error,))


def test_the_line_that_opens_the_group_is_the_one_to_change() -> None:
    [found] = diagnose(case(GROUP))
    assert (found.code, found.certainty, found.where) == ("LC310", "certain", GROUP.place)
    assert found.subject is not None
    assert found.subject.name == "feed"
    assert "enters `anyio.create_task_group()` at test_feed.py:23 in one task" in found.what


def test_a_scope_inside_of_a_client_is_said_to_be_inside() -> None:
    [found] = detect(case(replace(GROUP, manager="Session()", direct=False)))
    assert "`Session()` at test_feed.py:23, and the task group inside it, in one task" in found.what


def test_without_a_with_the_line_that_exits_is_named() -> None:
    [found] = detect(case(replace(GROUP, manager=None)))
    assert "enters a task group in one task, and test_feed.py:23 exits it in another" in found.what


@pytest.mark.parametrize(
    "other",
    [
        {"type": "ValueError"},
        {"module": "shop.gates", "function": "close"},
        {"message": "This cancel scope is not active"},
        {"message": "Attempted to exit a cancel scope that isn't the current tasks's current"},
    ],
)
def test_another_error_is_left_alone_and_asks_nothing(other: dict[str, Any]) -> None:
    assert not list(detect(case(GROUP, replace(REFUSED, **other))))


def test_a_scope_that_no_fixture_holds_is_left_alone() -> None:
    assert not list(detect(case(None)))
    assert not list(detect(Evidence()))
