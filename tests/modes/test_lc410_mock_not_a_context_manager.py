"""LC410: it names the double that opened nothing, and beats the coroutine that was its shadow."""

from dataclasses import replace

import pytest

from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.doubles.lc410_mock_not_a_context_manager import detect
from loopcheck.records import DoubleRecord, Evidence, NeverAwaited, Place, Subject, Wanted

MADE = Place("tests/test_pool.py", 12, "pool")
DOUBLE = DoubleRecord(
    subject=Subject(name="pool.acquire", type="AsyncMock"),
    kind="async",
    wanted="async with",
    said="self._pool.acquire()",
    got="coroutine",
    sure=True,
    made_at=MADE,
)


def test_the_opener_and_what_it_gave_are_named() -> None:
    [found] = detect(Evidence(doubles=(DOUBLE,)))
    assert found.what == (
        "`async with self._pool.acquire()` needs an asynchronous context manager, but the mock"
        " `pool.acquire` (AsyncMock) returned a coroutine."
    )
    assert (found.code, found.certainty, found.where) == ("LC410", "certain", MADE)
    assert "`pool.acquire = MagicMock()`" in found.fix


def test_rows_of_a_coroutine_need_an_iterator() -> None:
    [found] = detect(Evidence(doubles=(replace(DOUBLE, wanted="async for"),)))
    assert "asynchronous iterator" in found.what
    assert "__aiter__" in found.fix


def test_a_plain_mock_and_a_fake_are_named_with_their_own_reasons() -> None:
    [plain] = detect(Evidence(doubles=(replace(DOUBLE, kind="sync", got="Mock"),)))
    [fake] = detect(Evidence(doubles=(replace(DOUBLE, kind="fake"),)))
    assert "Only a MagicMock" in plain.why
    assert "`@asynccontextmanager`" in fake.fix
    [back] = detect(Evidence(doubles=(replace(DOUBLE, kind="fake", returns=True),)))
    assert "a plain `def`" in back.fix


def test_the_dropped_coroutine_is_only_its_shadow() -> None:
    left = NeverAwaited(name="FakePool.acquire", owner="user")
    found = diagnose(Evidence(doubles=(DOUBLE,), dropped=(left,)))
    assert [one.code for one in found] == ["LC410"]


def test_where_the_real_one_is_async_the_double_is_right() -> None:
    assert not list(detect(Evidence(doubles=(replace(DOUBLE, real="async"),))))


@pytest.mark.parametrize("wanted", ["await", "result", "value", "more", "layer"])
def test_another_wish_is_left_alone(wanted: Wanted) -> None:
    assert not list(detect(Evidence(doubles=(replace(DOUBLE, wanted=wanted),))))


def test_plain_rows_of_a_sync_double_are_left_alone() -> None:
    rows = replace(DOUBLE, kind="sync", wanted="async for", got="list")
    assert not list(detect(Evidence(doubles=(rows,))))
