"""LC403: it names the double and the layer that it replaced, and is never quite certain."""

from dataclasses import replace

import pytest

from loopcheck.modes.doubles.lc403_mock_bypasses_logic import detect
from loopcheck.records import DoubleRecord, Evidence, Place, Subject, Wanted

MADE, PATCH = Place("tests/test_breaker.py", 12, "double"), Place("tests/test_breaker.py", 14)
DOUBLE = DoubleRecord(
    subject=Subject(name="breaker.call", type="AsyncMock"),
    kind="async",
    wanted="layer",
    said="breaker.call()",
    made_at=MADE,
    skipped="Breaker.call",
    layer_at=Place("breaker.py", 7),
    detail="changes `breaker.state`",
)


def test_the_double_and_what_it_replaced_are_named() -> None:
    [found] = detect(Evidence(doubles=(DOUBLE,)))
    assert found.what == (
        "A mock replaces `breaker.call`, so `Breaker.call`, which changes"
        " `breaker.state` (breaker.py:7), did not run."
    )
    assert (found.code, found.certainty, found.where) == ("LC403", "likely", MADE)
    assert found.fix.startswith("Keep `Breaker.call`")


def test_the_line_that_patches_is_the_one_to_change() -> None:
    [found] = detect(Evidence(doubles=(replace(DOUBLE, set_at=PATCH),)))
    assert found.where == PATCH


def test_a_client_that_was_replaced_has_no_function_to_name() -> None:
    [found] = detect(Evidence(doubles=(replace(DOUBLE, skipped=None),)))
    assert found.what.startswith("A mock replaces `breaker.call`, so the real code, which changes")
    assert found.fix.startswith("Keep the real one")


@pytest.mark.parametrize("wanted", ["await", "async with", "async for", "result", "value", "more"])
def test_another_wish_is_left_alone(wanted: Wanted) -> None:
    assert not list(detect(Evidence(doubles=(replace(DOUBLE, wanted=wanted),))))
    assert not list(detect(Evidence()))
