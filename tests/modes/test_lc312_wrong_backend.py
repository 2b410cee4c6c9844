"""LC312: it names what runs a call that is made for another library, and asks nothing else."""

from typing import Any

import pytest

from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.fixtures.lc312_wrong_backend import detect
from loopcheck.modes.fixtures.lc312_wrong_backend.evidence import WrongBackend, find_wrong_backend
from loopcheck.records import ErrorRecord, Evidence, FrameRecord, Place, SessionRecord

TRIO = FrameRecord(place=Place("_run.py", 2987), module="trio._core._run", owner="library")
ERROR = ErrorRecord(
    type="RuntimeError",
    message="must be called from async context",
    module="trio._core._run",
    function="current_task",
    raised="other",
    owner="library",
    frames=(TRIO,),
)
SEEN = WrongBackend(
    name="trio.sleep",
    used_at=Place("test_belt.py", 9, "test_belt"),
    runs="asyncio",
    wanted="trio",
    chosen_by="pytest-asyncio",
    chosen_at=Place("test_belt.py", 7, "test_belt"),
)
BOTH = SessionRecord(asyncio="1.5.0", mode="strict", trio=True, anyio=True)


def case(
    seen: WrongBackend | None, session: SessionRecord = BOTH, error: ErrorRecord = ERROR
) -> Evidence:
    return Evidence.knowing({find_wrong_backend: seen}, errors=(error,), session=session)


def test_the_mark_is_the_line_to_change() -> None:
    [found] = diagnose(case(SEEN))
    assert (found.code, found.certainty, found.where) == ("LC312", "certain", SEEN.chosen_at)
    assert found.fix == "Mark the test `@pytest.mark.trio` instead."
    assert found.remedy == ("respell", "asyncio", "trio")


def test_a_plugin_that_is_not_there_has_to_be_installed_first() -> None:
    [found] = detect(case(SEEN, replace(BOTH, trio=False)))
    assert found.fix.startswith("Install pytest-trio, and mark the test `@pytest.mark.trio`.")
    assert found.remedy == ()


def test_in_auto_mode_another_mark_is_not_enough() -> None:
    [found] = detect(case(SEEN, replace(BOTH, mode="auto")))
    assert "`asyncio_mode = strict`" in found.fix
    assert found.remedy == ()


def test_the_backend_that_a_fixture_names_is_the_line_to_change() -> None:
    fixture = Place("conftest.py", 4, "anyio_backend")
    seen = replace(SEEN, runs="trio", wanted="asyncio", chosen_by="anyio", backend_at=fixture)
    [found] = detect(case(seen))
    assert (found.where, found.fix) == (fixture, 'Let `anyio_backend` return "asyncio".')


def test_a_loop_that_the_code_starts_itself_is_named_with_its_call() -> None:
    [found] = detect(case(replace(SEEN, chosen_by=None, starts="asyncio.run")))
    assert "`asyncio.run` runs it on asyncio" in found.what
    assert "`trio.run(main)`" in found.fix


def test_of_two_plugins_the_setting_is_named() -> None:
    seen = replace(SEEN, name="test_belt", twice=True, by_setting=True)
    [found] = detect(case(seen))
    assert found.what.startswith("pytest-trio and pytest-asyncio both run `test_belt`")
    assert found.remedy == ("strict",)


@pytest.mark.parametrize("change", [{"frames": ()}])
def test_a_failure_without_trio_asks_nothing(change: dict[str, Any]) -> None:
    assert not list(detect(case(SEEN, error=replace(ERROR, **change))))
    assert not list(detect(case(None)))
    assert not list(detect(Evidence()))
