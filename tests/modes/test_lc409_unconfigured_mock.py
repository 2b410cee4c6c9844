"""LC409: it names what a mock made up or ran out of, and the path to configure."""

from dataclasses import replace

import pytest

from loopcheck.modes.doubles.lc409_unconfigured_mock import detect
from loopcheck.records import DoubleRecord, Evidence, Place, Subject, Wanted

MADE, SET = Place("tests/test_users.py", 12, "session"), Place("tests/test_users.py", 14)
DOUBLE = DoubleRecord(
    subject=Subject(name="session.execute().scalar().name", type="MagicMock"),
    kind="sync",
    wanted="value",
    said="name",
    got="MagicMock",
    sure=True,
    made_at=MADE,
)


def test_the_path_to_configure_is_named() -> None:
    [found] = detect(Evidence(doubles=(DOUBLE,)))
    assert found.what == (
        "`session.execute().scalar().name` is a value that a MagicMock made up, and the failing"
        " line uses it as data."
    )
    assert (found.code, found.certainty, found.where) == ("LC409", "certain", MADE)
    assert "`session.execute.return_value.scalar.return_value.name`" in found.fix
    assert "`seal(session)`" in found.fix


def test_a_mock_without_a_name_is_not_called_by_one_in_the_fix() -> None:
    subject = Subject(name="mock.get().email", type="AsyncMock")
    seen = replace(DOUBLE, subject=subject, made_at=replace(MADE, name=None), unnamed=True)
    [found] = detect(Evidence(doubles=(seen,)))
    assert found.fix == (
        "Assign the mock created at tests/test_users.py:12 to a variable, and set its"
        " `get.return_value.email` to a plain value. To find others like it, `seal` it for one"
        " run: each unconfigured attribute that a line reads raises an AttributeError, also a"
        " harmless one."
    )


def test_side_effects_that_are_used_up_are_counted() -> None:
    spent = replace(DOUBLE, wanted="more", detail="2", set_at=SET, kind="async")
    [found] = detect(Evidence(doubles=(spent,)))
    assert found.what.endswith("once more than it has side effects (2).")
    assert "StopAsyncIteration" in found.why
    assert found.where == SET


def test_a_none_that_somebody_configured_is_named_at_that_line() -> None:
    none = replace(DOUBLE, got="NoneType", said="await repo.find(7)", set_at=SET, sure=False)
    [found] = detect(Evidence(doubles=(none,)))
    assert found.what.startswith("`await repo.find(7)` is None")
    assert (found.certainty, found.where) == ("likely", SET)


@pytest.mark.parametrize("wanted", ["await", "async with", "async for", "result", "layer"])
def test_another_wish_is_left_alone(wanted: Wanted) -> None:
    assert not list(detect(Evidence(doubles=(replace(DOUBLE, wanted=wanted),))))
    assert not list(detect(Evidence()))
