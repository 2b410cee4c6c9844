"""LC303: it names the async test that was never awaited, and leaves those alone that ran."""

from dataclasses import replace

import pytest

from loopcheck.modes import diagnose
from loopcheck.modes.finding import Finding
from loopcheck.modes.fixtures.lc303_async_test_not_run import detect
from loopcheck.records import (
    ErrorRecord,
    Evidence,
    FrameRecord,
    ItemRecord,
    Place,
    SessionRecord,
    TestRecord,
)

LINE = Place("tests/test_shop.py", 7, "test_sum")
REFUSAL = FrameRecord(
    place=Place("_pytest/python.py", 177, "async_fail"), module="_pytest.python", owner="machinery"
)
FAILED = ErrorRecord(
    type="Failed",
    message="async def functions are not natively supported.",
    module="_pytest.outcomes",
    function="fail",
    raised="other",
    owner="machinery",
    frames=(REFUSAL, replace(REFUSAL, module="_pytest.outcomes")),
)
ITEM = ItemRecord(name="test_sum", place=LINE, runner="pytest", form="coroutine")
STRICT = SessionRecord(asyncio="1.5.0", mode="strict")
TRIO, ON_TRIO = SessionRecord(trio=True), replace(ITEM, library="trio")
ON_ASYNCIO = replace(ITEM, library="asyncio")
TEST = TestRecord(nodeid="t.py::test_sum", name="test_sum", phase="call")
UNMARKED = Evidence(test=TEST, errors=(FAILED,), item=ITEM, session=STRICT)
OWN = FrameRecord(place=LINE, module="test_shop", owner="user")
TESTCASE = replace(ITEM, runner="unittest", isolated=False, passed_over=True)


def test_an_unmarked_test_and_its_line_are_named() -> None:
    [found] = detect(UNMARKED)
    assert (found.code, found.certainty, found.where) == ("LC303", "certain", LINE)
    assert found.what == "`test_sum` is `async def`, and no plugin runs it."
    assert "strict mode" in found.why
    assert "`@pytest.mark.asyncio`" in found.fix


@pytest.mark.parametrize(
    ("item", "session", "why", "fix"),
    [
        (replace(ITEM, marks=("slow", "ayncio")), STRICT, "`ayncio`", "pytest.mark.asyncio`"),
        (replace(ITEM, marks=("asyncio",)), STRICT, "added later", "`pytestmark ="),
        (replace(ITEM, marks=("anyio",)), STRICT, "`anyio`", "Install anyio, or mark them"),
        (replace(ITEM, marks=("asyncio",)), SessionRecord(), "no plugin", "Install pytest-asyncio"),
        (ITEM, SessionRecord(), "no plugin", "mark the tests `@pytest.mark.asyncio`"),
        (ITEM, SessionRecord(anyio=True), "anyio's plugin", "Mark it `@pytest.mark.anyio`"),
        (ITEM, None, "no plugin", "Install pytest-asyncio"),
        (ON_TRIO, TRIO, "pytest-trio only runs", "Mark it `@pytest.mark.trio`"),
        (ON_TRIO, replace(TRIO, asyncio="1.5.0"), "pytest-trio only runs", "`trio_mode = true`"),
        (ON_TRIO, SessionRecord(anyio=True), "anyio's plugin", '`anyio_backend` return `"trio"`'),
        (
            ON_TRIO,
            STRICT,
            "pytest-asyncio cannot run a test on trio",
            "Install pytest-trio, and mark",
        ),
        (ON_TRIO, SessionRecord(), "no plugin in this run does", "Install pytest-trio, and mark"),
        (ITEM, TRIO, "pytest-trio only runs", "Mark it `@pytest.mark.trio`"),
        (ITEM, replace(STRICT, trio=True), "pytest-asyncio and pytest-trio", "that it uses"),
        (ON_ASYNCIO, replace(STRICT, trio=True), "strict mode", "`@pytest.mark.asyncio`"),
        (ON_ASYNCIO, TRIO, "pytest-trio cannot run a test on asyncio", "Install pytest-asyncio,"),
        (
            replace(ITEM, marks=("trio",)),
            STRICT,
            "no plugin in this run",
            "Install pytest-trio. If",
        ),
        (replace(ITEM, marks=("trio",)), TRIO, "added later", "`trio_mode = true`"),
        (replace(ITEM, wrapper="traced.wrapper"), STRICT, "`traced.wrapper`", "that awaits"),
        (replace(ITEM, form="generator"), STRICT, "`yield`", "Remove the `yield`"),
        (replace(ITEM, form="plain"), STRICT, "`async def` itself", "`async def test_sum`"),
    ],
)
def test_each_form_is_told_its_own_reason(
    item: ItemRecord, session: SessionRecord | None, why: str, fix: str
) -> None:
    [found] = detect(replace(UNMARKED, item=item, session=session))
    assert why in found.why
    assert fix in found.fix


def test_a_testcase_that_drops_the_coroutine_is_named_in_a_green_run() -> None:
    [found] = detect(replace(UNMARKED, errors=(), item=TESTCASE))
    assert (found.certainty, found.where) == ("certain", LINE)
    assert "IsolatedAsyncioTestCase" in found.fix


def test_a_testcase_whose_set_up_fails_is_left_alone() -> None:
    own = replace(FAILED, type="LookupError", frames=(OWN,))
    assert not list(detect(replace(UNMARKED, errors=(own,), item=TESTCASE)))


def test_the_same_words_from_the_tests_own_lines_are_left_alone() -> None:
    own = replace(FAILED, frames=(OWN, replace(REFUSAL, module="_pytest.outcomes")))
    assert not list(detect(replace(UNMARKED, errors=(own,))))


def test_an_async_test_that_another_plugin_ran_is_left_alone() -> None:
    failed = replace(FAILED, type="AssertionError", frames=(OWN,))
    assert not list(detect(replace(UNMARKED, errors=(failed,))))


def test_the_coroutine_that_nobody_awaits_is_only_its_shadow() -> None:
    assert [found.code for found in diagnose.diagnose(UNMARKED)] == ["LC303"]


def test_a_plugin_that_is_missing_is_one_fault_whatever_test_shows_it() -> None:
    places = [Place("b.py", 3), Place("a.py", 9), Place("a.py", 4)]
    told: list[Finding] = []
    for number, place in enumerate(places):
        test = replace(TEST, nodeid=f"t.py::test_{number}")
        item = replace(ITEM, place=place, marks=("asyncio",))
        seen = replace(UNMARKED, test=test, item=item, session=SessionRecord())
        told += diagnose.diagnose(seen)
    for order in (told, told[::-1]):
        [found] = diagnose.merged(order)
        assert (found.count, found.where) == (3, Place("a.py", 4))
        assert len(found.also) == 2
        assert found.subject is not None
        assert found.subject.name == "pytest-asyncio"


def test_a_test_that_was_skipped_for_it_is_named_too() -> None:
    """Until pytest 8.4: a green run."""
    place = replace(REFUSAL.place, name="async_warn_and_skip")
    skip = replace(FAILED, type="Skipped", frames=(replace(REFUSAL, place=place), FAILED.frames[1]))
    [found] = detect(replace(UNMARKED, errors=(skip,)))
    assert found.where == LINE


def test_the_line_to_change_is_the_decorators_own_function() -> None:
    inner = Place("retry.py", 3, "traced")
    item = replace(ITEM, wrapper="traced", wrapper_at=inner)
    [found] = detect(replace(UNMARKED, item=item, session=STRICT))
    assert (found.where, found.used_at) == (inner, ITEM.place)
    [found] = detect(replace(UNMARKED, item=replace(item, runner="unittest"), session=STRICT))
    assert found.where == ITEM.place
