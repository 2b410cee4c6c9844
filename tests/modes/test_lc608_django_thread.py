"""LC608: it names a query of Django's in the wrong thread, and asks nothing without Django."""

from typing import Any

import pytest

from loopcheck.light import replace
from loopcheck.modes.databases.lc608_django_thread import detect
from loopcheck.modes.databases.lc608_django_thread.evidence import OtherThread, find_other_thread
from loopcheck.modes.diagnose import diagnose
from loopcheck.records import ErrorRecord, Evidence, FrameRecord, Place

DJANGO = FrameRecord(place=Place("asyncio.py", 24), module="django.utils.asyncio", owner="library")
ERROR = ErrorRecord(
    type="django.core.exceptions.SynchronousOnlyOperation",
    message="You cannot call this from an async context - use a thread or sync_to_async.",
    module="django.utils.asyncio",
    function="inner",
    raised="other",
    owner="library",
    frames=(DJANGO,),
)
SEEN = OtherThread(
    name="Group.objects.create",
    how="refused",
    used_at=Place("test_shop.py", 9, "test_group"),
    coroutine="test_group",
    method="acreate",
)
SPLIT = OtherThread(
    name="Group.objects.aget",
    how="split",
    used_at=Place("test_shop.py", 9, "test_group"),
    row="Group",
    marked_at=Place("conftest.py", 4, "editors"),
    fixture="editors",
)


def case(seen: OtherThread | None, error: ErrorRecord = ERROR) -> Evidence:
    return Evidence.knowing({find_other_thread: seen}, errors=(error,))


def test_the_call_in_the_coroutine_is_the_line_to_change() -> None:
    [found] = diagnose(case(SEEN))
    assert (found.code, found.certainty, found.where) == ("LC608", "certain", SEEN.used_at)
    assert "`await Group.objects.acreate(…)`" in found.fix
    assert "transaction" not in found.fix


def test_a_test_in_a_transaction_hears_that_the_other_thread_is_outside_of_it() -> None:
    [found] = detect(case(replace(SEEN, marked_at=Place("test_shop.py", 6))))
    assert "`@pytest.mark.django_db(transaction=True)`" in found.fix


def test_a_plain_function_around_the_query_goes_to_a_thread() -> None:
    [found] = detect(case(replace(SEEN, helper="count_groups", method=None)))
    assert "`await sync_to_async(count_groups)(…)`" in found.fix


def test_of_two_connections_the_line_that_opens_the_transaction_is_named() -> None:
    [found] = detect(case(SPLIT))
    assert found.where == SPLIT.marked_at
    assert "can't see the `Group`" in found.what
    assert "`transactional_db` instead of `db` in `editors`" in found.fix


def test_a_row_that_only_the_fixtures_object_shows_is_likely() -> None:
    [found] = detect(case(replace(SPLIT, proven=False)))
    assert found.certainty == "likely"
    assert "finds no `Group`" in found.what


@pytest.mark.parametrize("change", [{"frames": ()}])
def test_a_failure_without_django_asks_nothing(change: dict[str, Any]) -> None:
    assert not list(detect(case(SEEN, replace(ERROR, **change))))
    assert not list(detect(case(None)))
    assert not list(detect(Evidence()))
