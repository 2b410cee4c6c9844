"""LC402: it names whose coroutine was taken for a result, unless the real one gives one, too."""

from dataclasses import replace

import pytest

from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.doubles.lc402_async_mock_for_sync_call import detect
from loopcheck.modes.tasks import lc202_never_awaited
from loopcheck.records import DoubleRecord, ErrorRecord, Evidence, Place, Subject, Wanted

MADE, CALL = Place("tests/test_users.py", 12, "session"), Place("users.py", 4, "name_of")
DOUBLE = DoubleRecord(
    subject=Subject(name="session.execute().scalar", type="AsyncMock"),
    kind="async",
    wanted="result",
    said="rows.scalar()",
    got="coroutine",
    sure=True,
    made_at=MADE,
    called_at=CALL,
)
ERROR = ErrorRecord(
    type="AttributeError",
    message="",
    module="carts",
    function="put",
    raised="other",
    owner="user",
)


def test_the_double_and_the_line_that_makes_it_are_named() -> None:
    [found] = detect(Evidence(doubles=(DOUBLE,)))
    assert found.what.startswith("`rows.scalar()` is a coroutine from the mock")
    assert (found.code, found.certainty, found.where) == ("LC402", "certain", MADE)
    assert "`session.execute.return_value = MagicMock()`" in found.fix


def test_a_child_is_made_sync_by_itself() -> None:
    [found] = detect(Evidence(doubles=(replace(DOUBLE, subject=Subject(name="s.add", type="X")),)))
    assert "`s.add = MagicMock(return_value=…)`" in found.fix


@pytest.mark.parametrize(
    ("message", "end"),
    [
        ("'coroutine' object has no attribute 'hincrby'", "make it an `AsyncMock`."),
        ("'coroutine' object is not iterable", "`s.pipeline = MagicMock(return_value=…)`."),
    ],
)
def test_awaited_methods_of_what_is_made_sync_stay_async(message: str, end: str) -> None:
    double = replace(DOUBLE, subject=Subject(name="s.pipeline", type="AsyncMock"))
    [found] = detect(Evidence(doubles=(double,), errors=(replace(ERROR, message=message),)))
    assert found.fix.endswith(end)


def test_a_whole_double_becomes_a_magic_mock() -> None:
    [found] = detect(Evidence(doubles=(replace(DOUBLE, subject=Subject(name="now", type="X")),)))
    assert found.fix.startswith("Use a `MagicMock` for `now`")


def test_where_the_real_one_is_async_the_line_lacks_an_await() -> None:
    evidence = Evidence(doubles=(replace(DOUBLE, real="async"),))
    assert not list(detect(evidence))
    [found] = lc202_never_awaited.detect(evidence)
    assert (found.code, found.where) == ("LC202", CALL)
    assert [one.code for one in diagnose(evidence)] == ["LC202"]


@pytest.mark.parametrize("wanted", ["await", "async with", "async for", "value", "more", "layer"])
def test_another_wish_is_left_alone(wanted: Wanted) -> None:
    assert not list(detect(Evidence(doubles=(replace(DOUBLE, wanted=wanted),))))
