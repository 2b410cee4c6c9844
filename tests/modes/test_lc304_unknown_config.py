"""LC304: it names the setting that would have run the test, and no other."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from loopcheck.labels import Labels
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.fixtures.lc304_unknown_config import detect
from loopcheck.records import (
    BoundRecord,
    ErrorRecord,
    Evidence,
    FixtureRecord,
    FrameRecord,
    ItemRecord,
    LoopRecord,
    Place,
    SessionRecord,
    SettingRecord,
    SetUpRecord,
    Subject,
    TestRecord,
)
from loopcheck.runner import idle_settings

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


def collected(
    folder: Path, *, read: Path | None = None, start: Path | None = None
) -> SimpleNamespace:
    """Return a test of *folder*, of a run from *start* that takes its settings from *read*."""
    start = start or folder
    config = SimpleNamespace(
        rootpath=read.parent if read is not None else start,
        inipath=read,
        getoption=lambda *_: None,
        invocation_params=SimpleNamespace(dir=start),
    )
    return SimpleNamespace(path=folder / "test_shop.py", config=config)


def test_a_setting_in_a_file_that_nobody_reads_is_named() -> None:
    [found] = diagnose(NOT_RUN)
    assert (found.code, found.certainty, found.where) == ("LC304", "certain", LINE)
    assert found.why == "pytest reads pytest.ini in this run, and ignores pyproject.toml."
    assert found.fix.startswith("Move it to pytest.ini")


def test_it_wins_over_a_fixture_without_its_decorator() -> None:
    assert [found.code for found in diagnose(NOT_SET_UP)] == ["LC304"]


@pytest.mark.parametrize(
    ("name", "file", "fix"),
    [
        ("asynico_mode", "pytest.ini", "Write `asyncio_mode = auto`"),
        ("asyncio_mode", "pytest.ini", "`[pytest]`"),
    ],
)
def test_a_line_of_the_file_that_is_read_is_told_what_is_wrong(
    name: str, file: str, fix: str
) -> None:
    setting = SettingRecord(name=name, place=Place(file, 3, name), read=True)
    [found] = detect(replace(NOT_RUN, session=replace(SESSION, idle=(setting,))))
    assert fix in found.fix


@pytest.mark.parametrize(
    ("file", "text", "section"),
    [
        ("setup.cfg", "[pytest]", "[tool:pytest]"),
        ("pyproject.toml", "[pytest]", "[tool.pytest.ini_options]"),
        pytest.param(
            *("pyproject.toml", "[tool.pytest]", "[tool.pytest]"),
            marks=pytest.mark.skipif(pytest.version_tuple < (9,), reason="nobody reads it"),
        ),
        ("pytest.toml", "[tool.pytest]", "[pytest]"),
    ],
)
def test_the_section_is_the_one_that_pytest_reads_there(
    file: str, text: str, section: str, tmp_path: Path
) -> None:
    path = tmp_path / file
    path.write_text(f"{text}\n[tool.pytest-asyncio]\nasyncio_mode = auto\n")
    [setting] = idle_settings.auto(collected(tmp_path, read=path), Labels(str(tmp_path)))
    [found] = detect(replace(NOT_RUN, session=replace(SESSION, idle=(setting,))))
    assert found.fix == f"Move it to that section: `{section}`."


@pytest.mark.parametrize(
    ("folder", "fix"),
    [(".", "Move it to that section: `[pytest]`."), ("shop", "Move shop/tox.ini to the folder")],
)
def test_a_file_without_the_section_is_told_so_where_pytest_looked(
    folder: str, fix: str, tmp_path: Path
) -> None:
    path = tmp_path / folder / "tox.ini"
    path.parent.mkdir(exist_ok=True)
    path.write_text("[tool:pytest]\nasyncio_mode = auto\n")
    item = collected(path.parent, start=tmp_path)
    [setting] = idle_settings.auto(item, Labels(str(tmp_path)))
    session = replace(SESSION, settings=None, idle=(setting,))
    [found] = detect(replace(NOT_RUN, session=session))
    assert found.fix.startswith(fix)


def test_the_setting_of_anyio_is_none_of_pytest_asyncios(tmp_path: Path) -> None:
    path = tmp_path / "pytest.ini"
    path.write_text("[pytest]\nanyio_mode = auto\nanyio_mod = auto\n")
    assert not list(idle_settings.auto(collected(tmp_path, read=path), Labels(str(tmp_path))))


@pytest.mark.parametrize("read", ["billing/pytest.ini", "ci/ci.ini"])
def test_a_file_above_the_root_is_passed_over_and_one_beside_what_c_names(
    read: str, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\nasyncio_mode = 'auto'\n")
    item = collected(tmp_path / "billing", read=tmp_path / read, start=tmp_path)
    [setting] = idle_settings.auto(item, Labels(str(tmp_path)))
    assert setting.place == Place("pyproject.toml", 2, "asyncio_mode")
    assert not setting.read


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


KILN = BoundRecord(
    subject=Subject(name="kiln", type="asyncio.Event"),
    loop=LoopRecord(label="loop 1", role="session loop"),
    witness="_loop",
)
CROSSED = ErrorRecord(
    type="RuntimeError",
    message="is bound to a different event loop",
    module="asyncio.mixins",
    function="_get_loop",
    raised="other",
    owner="library",
    frames=(),
)
SCOPE = SettingRecord(
    name="asyncio_default_test_scope",
    place=Place("pytest.ini", 4),
    read=True,
    meant="asyncio_default_test_loop_scope",
    value="session",
)
TWO_LOOPS = Evidence(
    test=replace(TEST, loop_scope="function"),
    errors=(CROSSED,),
    bound=(KILN,),
    used_on=LoopRecord(label="loop 2", role="function loop of test_shop"),
    session=SessionRecord(asyncio="1.5.0", mode="auto", idle_scopes=(SCOPE,)),
)


def test_a_loop_scope_that_would_have_made_one_loop_is_named() -> None:
    [found] = detect(TWO_LOOPS)
    assert (found.where, found.certainty) == (Place("pytest.ini", 4), "likely")
    assert "Write `asyncio_default_test_loop_scope = session`" in found.fix


OF_A_TEST = replace(KILN, loop=LoopRecord(label="loop 1", role="function loop of test_cup"))
OF_MODULES = SessionRecord(
    asyncio="1.5.0", mode="auto", idle_scopes=(replace(SCOPE, value="module"),)
)


def test_the_loops_of_two_tests_would_have_been_the_one_of_the_session() -> None:
    [found] = detect(replace(TWO_LOOPS, bound=(OF_A_TEST,)))
    assert "so the function loops of two tests meet" in found.what


@pytest.mark.parametrize(
    "other",
    [
        replace(TWO_LOOPS, bound=(OF_A_TEST,), session=OF_MODULES),
        replace(TWO_LOOPS, bound=(replace(KILN, loop=LoopRecord(label="loop 1")),)),
        replace(TWO_LOOPS, test=replace(TEST, loop_scope="module")),
        replace(TWO_LOOPS, errors=(replace(CROSSED, message="kiln is cold"),)),
    ],
)
def test_two_loops_that_it_would_not_have_joined_are_left_alone(other: Evidence) -> None:
    assert not list(detect(other))
