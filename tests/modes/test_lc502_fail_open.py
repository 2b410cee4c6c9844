"""LC502: it names the handler, the error that it swallowed, and what it made of that."""

from dataclasses import replace

import pytest

from loopcheck.modes.finding import Finding
from loopcheck.modes.stores.lc502_fail_open import SUPERSEDES, detect
from loopcheck.records import ErrorRecord, Evidence, Place, Swallowed

HANDLER, RAISED = Place("shop/limits.py", 15, "Limiter.allow"), Place("shop/limits.py", 12)
SLIP = Swallowed(
    function="Limiter.allow",
    place=HANDLER,
    words="except Exception",
    broad=True,
    type="AttributeError",
    message="'Valkey' object has no attribute 'expires'",
    by="interpreter",
    outcome="allows",
    value="True",
    raised_at=RAISED,
    asserted=True,
    seen=True,
)
ASSERTED = ErrorRecord(
    type="AssertionError", message="", module="t", function="t", raised="other", owner="user"
)
AWAY = replace(SLIP, type="valkey.exceptions.ConnectionError", by="library", message="")


def failed(one: Swallowed) -> list[Finding]:
    return list(detect(Evidence(errors=(ASSERTED,), swallowed=(one,))))


def passed(one: Swallowed) -> list[Finding]:
    return list(detect(Evidence(swallowed=(replace(one, seen=False),))))


def test_the_handler_and_what_it_swallowed_are_named() -> None:
    [said] = failed(SLIP)
    assert (said.certainty, said.where, said.used_at) == ("certain", HANDLER, RAISED)
    assert said.what == (
        "`except Exception` at shop/limits.py:15 swallowed AttributeError (“'Valkey' object has no"
        " attribute 'expires'”), raised at shop/limits.py:12, and `Limiter.allow` returned True."
    )


def test_a_store_that_is_away_is_named_under_the_gate_that_it_opened() -> None:
    [said] = failed(replace(AWAY, broad=False, words="except ValkeyError"))
    assert said.certainty == "certain"
    assert {"LC501", "LC506"} == SUPERSEDES


@pytest.mark.parametrize(
    "handled",
    [
        replace(AWAY, outcome="refuses", value="False"),
        replace(SLIP, outcome="other", value=None),
        replace(SLIP, type="ValueError", outcome="other", value="-1"),
        replace(SLIP, type="KeyError", broad=False, outcome="other", value=None),
        replace(SLIP, type="OSError", by="raise", outcome="goes on", value=None),
        replace(AWAY, outcome="goes on", value=None, asserted=False),
    ],
    ids=["refused", "another way", "failure value", "narrow", "raised by the user", "elsewhere"],
)
def test_an_error_that_was_handled_is_left_alone(handled: Swallowed) -> None:
    assert not failed(handled)


def test_a_test_that_passes_for_a_swallowed_slip_is_told() -> None:
    [said] = passed(SLIP)
    assert said.certainty == "likely"
    assert said.why.endswith("The test asserts on that result, and passes because of it.")


@pytest.mark.parametrize(
    "meant",
    [
        AWAY,
        replace(SLIP, counted=True),
        replace(SLIP, asserted=False),
        replace(SLIP, by="raise", type="OSError"),
        replace(SLIP, by="double"),
        replace(SLIP, outcome="goes on", value=None),
    ],
    ids=["store away", "counted", "not asserted", "raised by the user", "double", "goes on"],
)
def test_a_test_that_may_mean_it_is_left_alone(meant: Swallowed) -> None:
    assert not passed(meant)


def test_a_call_with_wrong_arguments_is_a_slip() -> None:
    wrong = replace(SLIP, type="TypeError", message="got an unexpected keyword argument 'seconds'")
    assert passed(wrong)
    assert not passed(replace(wrong, message="'<' not supported between instances"))


def test_a_slip_that_the_assertion_does_not_ask_for_is_only_possible() -> None:
    [said] = failed(replace(SLIP, asserted=False, seen=False))
    assert said.certainty == "possible"


def test_what_only_a_log_tells_is_only_possible() -> None:
    [said] = failed(replace(SLIP, known="log", type="", message="", raised_at=None))
    assert said.certainty == "possible"
    assert "swallowed an error" in said.what


def test_one_handler_is_named_once() -> None:
    twice = (SLIP, replace(SLIP, raised_at=Place("shop/limits.py", 13)))
    assert len(list(detect(Evidence(errors=(ASSERTED,), swallowed=twice)))) == 1


def test_a_false_that_lets_in_is_named_where_the_test_failed_alone() -> None:
    blocked = replace(SLIP, function="is_blocked", value="False")
    assert failed(blocked)
    assert not passed(blocked)
