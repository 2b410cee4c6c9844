"""LC503: it names the line that waits, the class it waits for, and the one that went past it."""

from dataclasses import replace
from typing import Literal

import pytest

from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.finding import Finding
from loopcheck.modes.stores.lc503_wrong_exception_class import SUPERSEDES, detect
from loopcheck.modes.stores.lc503_wrong_exception_class.evidence import find_missed_handler
from loopcheck.records import ErrorRecord, Evidence, MissedError, Place

LINE, RAISED = Place("shop/cart.py", 9, "read"), Place("shop/cart.py", 8, "read")
MISSED = MissedError(
    expected="TimeoutError",
    raised="valkey.exceptions.TimeoutError",
    written="TimeoutError",
    place=LINE,
    how="except",
    alike="name",
    raised_at=RAISED,
)

ERROR = ErrorRecord(
    type="TimeoutError",
    message="",
    module="valkey.asyncio.connection",
    function="read_response",
    raised="other",
    owner="library",
)


def case(seen: MissedError) -> Evidence:
    return Evidence.knowing({find_missed_handler: seen}, errors=(ERROR,))


def found(missed: MissedError) -> Finding:
    [one] = detect(case(missed))
    return one


def test_both_classes_and_the_line_are_named() -> None:
    said = found(MISSED)
    assert (said.certainty, said.where, said.used_at) == ("certain", LINE, RAISED)
    assert said.what == (
        "`except TimeoutError` at shop/cart.py:9 expects Python's own `TimeoutError`, but the"
        " code raised `valkey.exceptions.TimeoutError`."
    )
    assert "`from valkey.exceptions import TimeoutError as ValkeyTimeoutError`" in said.fix


@pytest.mark.parametrize("alike", ["base", "kind"])
def test_a_class_of_another_name_is_likely_and_not_certain(
    alike: Literal["base", "kind"],
) -> None:
    said = found(replace(MISSED, raised="httpx.ReadTimeout", alike=alike))
    assert said.certainty == "likely"
    assert said.fix.endswith("`from httpx import ReadTimeout`.")


def test_pythons_own_error_is_told_from_the_clients() -> None:
    said = found(replace(MISSED, expected="valkey.exceptions.TimeoutError", raised="TimeoutError"))
    assert said.fix == "Expect Python's own `TimeoutError` there: no client raised it."


def test_a_class_that_exists_twice_is_a_matter_of_imports() -> None:
    twice = replace(MISSED, expected="errors.SoldOut", raised="shop.errors.SoldOut", alike="file")
    said = found(replace(twice, written="SoldOut", got_from=Place("tests/test_cart.py", 3)))
    assert "two names" in said.why
    assert "also at tests/test_cart.py:3, from `shop.errors`, which raised it." in said.fix


def test_a_taken_lock_is_told_its_own_reason() -> None:
    assert "lock" in found(replace(MISSED, raised="valkey.exceptions.LockError", alike="kind")).why


def test_that_nothing_listens_was_expected() -> None:
    assert "LC506" in SUPERSEDES
    assert [one.code for one in diagnose(case(MISSED))] == ["LC503"]


def test_where_nothing_was_missed_nothing_is_said() -> None:
    assert not list(detect(Evidence()))
