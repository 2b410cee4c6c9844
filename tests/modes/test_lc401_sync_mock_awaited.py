"""LC401: it names what gave its result at once, and leaves what gave a coroutine to others."""

from dataclasses import replace

import pytest

from loopcheck.modes.doubles.lc401_sync_mock_awaited import detect
from loopcheck.records import DoubleRecord, Evidence, Place, Subject, Wanted

MADE = Place("tests/test_repo.py", 12, "repo")
DOUBLE = DoubleRecord(
    subject=Subject(name="repo.get_user", type="MagicMock"),
    kind="sync",
    wanted="await",
    said="self.repo.get_user(7)",
    got="dict",
    sure=True,
    made_at=MADE,
)


def test_the_double_and_what_it_gave_are_named() -> None:
    [found] = detect(Evidence(doubles=(DOUBLE,)))
    assert found.what == (
        "`self.repo.get_user(7)` is awaited, but `repo.get_user` is a MagicMock that returned a"
        " dict."
    )
    assert (found.code, found.certainty, found.where) == ("LC401", "certain", MADE)
    assert "`AsyncMock(return_value=…)`" in found.fix


def test_what_may_have_come_from_elsewhere_is_likely() -> None:
    [found] = detect(Evidence(doubles=(replace(DOUBLE, sure=False, got=None),)))
    assert found.certainty == "likely"
    assert found.what.endswith("is a MagicMock.")


def test_a_fake_is_to_become_async() -> None:
    fake = replace(DOUBLE, kind="fake", subject=Subject(name="FakeRepo.get_user", type="function"))
    [found] = detect(Evidence(doubles=(fake,)))
    assert found.fix.startswith(
        "Turn `FakeRepo.get_user` at tests/test_repo.py:12 into an `async def`"
    )


def test_a_spec_that_says_plain_def_is_no_help() -> None:
    [found] = detect(Evidence(doubles=(replace(DOUBLE, spec="Valkey", in_spec=True),)))
    assert "plain `def` that returns an awaitable" in found.why
    assert "spec" not in found.fix


def test_a_step_through_a_result_is_written_so_that_it_can_be_set() -> None:
    deep = replace(DOUBLE, subject=Subject(name="make().get_user", type="MagicMock"))
    [found] = detect(Evidence(doubles=(deep,)))
    assert "`make.return_value.get_user`" in found.fix


def test_plain_rows_under_async_for_are_a_sync_mocks() -> None:
    [found] = detect(Evidence(doubles=(replace(DOUBLE, wanted="async for", got="list"),)))
    assert "`async for`" in found.what
    assert "`repo.get_user.return_value = MagicMock()`, then" in found.fix
    assert "__aiter__" in found.fix


@pytest.mark.parametrize("wanted", ["async with", "result", "value", "more", "layer"])
def test_what_was_not_awaited_is_left_alone(wanted: Wanted) -> None:
    assert not list(detect(Evidence(doubles=(replace(DOUBLE, wanted=wanted),))))


def test_an_async_double_is_left_alone() -> None:
    assert not list(detect(Evidence(doubles=(replace(DOUBLE, kind="async"),))))
    assert not list(detect(Evidence()))
