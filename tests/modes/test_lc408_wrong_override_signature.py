"""LC408: the override is named, and what FastAPI made of it."""

from dataclasses import replace

import pytest

from loopcheck.modes.doubles.lc408_wrong_override_signature import detect
from loopcheck.modes.doubles.lc408_wrong_override_signature.evidence import find_wrong_override
from loopcheck.records import ErrorRecord, Evidence, Place, WrongOverride

WRONG = WrongOverride(
    how="parameters",
    key="get_db",
    double="a MagicMock",
    type="MagicMock",
    place=Place("test_app.py", 43),
    parameters=("args", "kwargs"),
)

ERROR = ErrorRecord(
    type="AssertionError",
    message="",
    module="test_shop",
    function="test_shop",
    raised="other",
    owner="user",
)


def case(seen: WrongOverride | None) -> Evidence:
    return Evidence.knowing({find_wrong_override: seen}, errors=(ERROR,))


def test_the_parameters_that_a_request_was_asked_for_are_named() -> None:
    [found] = detect(case(WRONG))
    assert (found.where, found.certainty) == (WRONG.place, "certain")
    assert found.what == (
        "test_app.py:43 overrides `get_db` with a MagicMock, and FastAPI expects its"
        " parameters `args`, `kwargs` in each request."
    )


def test_one_parameter_is_one() -> None:
    [found] = detect(case(replace(WRONG, parameters=("name",))))
    assert found.what.endswith("FastAPI expects its parameter `name` in each request.")


@pytest.mark.parametrize("how", ["generator", "coroutine", "context", "factory"])
def test_what_the_route_got_instead_is_named(how: str) -> None:
    [found] = detect(case(replace(WRONG, how=how)))  # type: ignore[arg-type]
    assert found.what.startswith("test_app.py:43 overrides `get_db` with a MagicMock")
    assert found.certainty == "certain"


def test_a_class_that_is_no_context_manager_is_to_be_called() -> None:
    seen = replace(WRONG, how="maker", gives="FakeDb()")
    [found] = detect(case(seen))
    assert found.fix.endswith("`app.dependency_overrides[get_db] = lambda: FakeDb()`.")
    [other] = detect(case(replace(seen, gives=None)))
    assert "async with" in other.fix


def test_a_key_that_no_route_has_is_told_from_the_one_of_its_name() -> None:
    seen = replace(WRONG, how="key", meant="get_db", made_at=Place("app.py", 12))
    [found] = detect(case(seen))
    assert found.what.endswith("but no route depends on that function, so the original runs.")
    assert "another `get_db` (app.py:12)" in found.why


def test_without_an_answer_that_says_so_it_is_likely() -> None:
    [found] = detect(case(replace(WRONG, sure=False)))
    assert found.certainty == "likely"


@pytest.mark.parametrize("wrong", [None, replace(WRONG, place=None)])
def test_without_an_override_there_is_no_finding(wrong: WrongOverride | None) -> None:
    assert not list(detect(case(wrong)))
