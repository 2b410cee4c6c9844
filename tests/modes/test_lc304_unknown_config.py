"""LC304: it names the setting that would have run the test, and no other."""

from dataclasses import replace

import pytest

from loopcheck.facts.records import (
    ErrorRecord,
    Evidence,
    FixtureRecord,
    FrameRecord,
    ItemRecord,
    Place,
    SessionRecord,
    SettingRecord,
    SetUpRecord,
    TestRecord,
)
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.lc304_unknown_config import detect

LINE = Place("pyproject.toml", 6, "asyncio_mode")
IGNORED = SettingRecord(name="asyncio_mode", place=LINE, read=False)
SESSION = SessionRecord(asyncio="1.5.0", mode="strict", settings="pytest.ini", idle=(IGNORED,))
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
    frames=(REFUSAL,),
)
ITEM = ItemRecord(name="test_shop", place=None, runner="pytest", form="coroutine")
TEST = TestRecord(nodeid="t.py::test_shop", name="test_shop", phase="call")
NOT_RUN = Evidence(test=TEST, errors=(FAILED,), item=ITEM, session=SESSION)
SHOP = FixtureRecord(name="shop", scope="function", asynchronous=True)
NOT_SET_UP = replace(NOT_RUN, errors=(), set_up=SetUpRecord(fixture=SHOP, form="generator"))


def test_a_setting_in_a_file_that_nobody_reads_is_named() -> None:
    [found] = diagnose(NOT_RUN)
    assert (found.code, found.certainty, found.where) == ("LC304", "certain", LINE)
    assert found.why == "pytest reads pytest.ini in this run, and nothing of pyproject.toml."
    assert found.fix.startswith("Move it to pytest.ini")


def test_it_wins_over_a_fixture_without_its_decorator() -> None:
    assert [found.code for found in diagnose(NOT_SET_UP)] == ["LC304"]


@pytest.mark.parametrize(
    ("name", "file", "fix"),
    [
        ("asynico_mode", "pytest.ini", "Say `asyncio_mode = auto`"),
        ("asyncio_mode", "pytest.ini", "`[pytest]`"),
        ("asyncio_mode", "setup.cfg", "`[tool:pytest]`"),
        ("asyncio_mode", "pyproject.toml", "`[tool.pytest.ini_options]`"),
    ],
)
def test_a_line_of_the_file_that_is_read_is_told_what_is_wrong(
    name: str, file: str, fix: str
) -> None:
    setting = SettingRecord(name=name, place=Place(file, 3, name), read=True)
    [found] = detect(replace(NOT_RUN, session=replace(SESSION, idle=(setting,))))
    assert fix in found.fix


def test_without_such_a_line_it_is_left_to_lc303_and_lc301() -> None:
    plain = replace(SESSION, idle=())
    assert [found.code for found in diagnose(replace(NOT_RUN, session=plain))] == ["LC303"]
    assert [found.code for found in diagnose(replace(NOT_SET_UP, session=plain))] == ["LC301"]


@pytest.mark.parametrize(
    "item",
    [
        replace(ITEM, wrapper="traced.wrapper"),
        replace(ITEM, form="generator"),
        replace(ITEM, form="plain"),
    ],
)
def test_a_test_that_auto_mode_would_not_run_either_is_left_to_lc303(item: ItemRecord) -> None:
    assert [found.code for found in diagnose(replace(NOT_RUN, item=item))] == ["LC303"]


def test_a_failure_of_a_test_that_ran_is_left_alone() -> None:
    own = FrameRecord(place=Place("t.py", 9, "test_shop"), module="t", owner="user")
    failed = replace(FAILED, type="AssertionError", frames=(own,))
    assert not list(detect(replace(NOT_RUN, errors=(failed,))))
