"""LC507: it names what stood where the client was wanted, and how the client is got."""

from dataclasses import replace
from typing import Literal

import pytest

from loopcheck.modes.finding import Finding
from loopcheck.modes.stores.lc507_wrapper_not_client import SUPERSEDES, detect
from loopcheck.modes.stores.lc507_wrapper_not_client.evidence import find_wrong_client
from loopcheck.records import ErrorRecord, Evidence, Place, StandIn, Subject

GIVES, ASKS = Place("tests/conftest.py", 12, "client"), Place("shop/seats.py", 5, "take")
WRAPPER = StandIn(
    subject=Subject(name="client", type="shop.store.ValkeyClient"),
    kind="wrapper",
    wanted="setnx",
    client="valkey.asyncio.client.Valkey",
    place=GIVES,
    used_at=ASKS,
    way="client._client",
    handed=True,
    as_client=True,
)

ERROR = ErrorRecord(
    type="AttributeError",
    message="",
    module="test_shop",
    function="test_shop",
    raised="other",
    owner="library",
)


def case(seen: StandIn) -> Evidence:
    return Evidence.knowing({find_wrong_client: seen}, errors=(ERROR,))


def found(one: StandIn) -> Finding:
    [said] = detect(case(one))
    return said


def test_the_line_that_hands_it_over_is_the_one_to_change() -> None:
    said = found(WRAPPER)
    assert (said.certainty, said.where, said.used_at) == ("certain", GIVES, ASKS)
    assert said.what == (
        "shop/seats.py:5 uses `client.setnx`, a method of Valkey, but `client` is a ValkeyClient"
        " that only wraps a client."
    )
    assert said.fix == "At tests/conftest.py:12, pass the client itself: `client._client`."


def test_a_wrapper_that_is_entered_may_be_given_what_async_with_asks_for() -> None:
    said = found(replace(WRAPPER, wanted="async with"))
    assert said.what.startswith("shop/seats.py:5 enters `client` as if it were a Valkey,")
    assert said.fix.endswith("`client._client`. Or give the class `__aenter__` and `__aexit__`.")


def test_what_nobody_handed_over_may_be_a_slip() -> None:
    assert found(replace(WRAPPER, handed=False)).certainty == "likely"


def test_a_name_that_many_objects_have_proves_little() -> None:
    assert found(replace(WRAPPER, wanted="get")).certainty == "likely"
    assert not list(detect(case(replace(WRAPPER, wanted="get", handed=False))))


def test_who_asks_for_no_client_may_have_misspelt_a_method() -> None:
    assert found(replace(WRAPPER, as_client=False)).certainty == "likely"
    assert not list(detect(case(replace(WRAPPER, wanted="get", as_client=False))))


@pytest.mark.parametrize(
    ("kind", "what", "fix"),
    [
        ("function", "a factory that was not called", "Call it at tests/conftest.py:12"),
        ("coroutine", "a coroutine that was not awaited", "`await` it at tests/conftest.py:12"),
        ("class", "a class, not an object of it", "Create an object of `client`"),
        ("fixture", "the fixture's definition, not its value", "to the arguments of the test"),
        ("sync client", "is a synchronous Valkey", "`valkey.asyncio.Valkey`"),
        ("context manager", "a context manager that was not entered", "Enter it at tests/conftest"),
    ],
)
def test_each_kind_is_told_its_own_cure(
    kind: Literal["function", "coroutine", "class", "fixture", "sync client", "context manager"],
    what: str,
    fix: str,
) -> None:
    said = found(replace(WRAPPER, kind=kind))
    assert said.certainty == "certain"
    assert what in said.what
    assert fix in said.fix


def test_no_line_is_told_where_none_is_known() -> None:
    said = found(replace(WRAPPER, kind="coroutine", place=None))
    assert (said.where, said.fix) == (None, "`await` it before you pass it on.")
    assert found(replace(WRAPPER, place=None)).fix.startswith("Pass the client itself:")


def test_the_dropped_coroutine_is_only_its_shadow() -> None:
    assert "LC202" in SUPERSEDES


def test_where_nothing_stood_in_nothing_is_said() -> None:
    assert not list(detect(Evidence()))
