"""LC307: it names who made a client that nobody closed; what may yet be closed it leaves alone."""

from dataclasses import replace

from loopcheck.modes.fixtures.lc307_unclosed_resource import detect
from loopcheck.modes.fixtures.lc307_unclosed_resource.evidence import StillOpen, find_still_open
from loopcheck.records import (
    ErrorRecord,
    Evidence,
    NeverAwaited,
    Place,
    Premature,
    Subject,
    TestRecord,
    Unclosed,
)

MADE, OPENED = Place("tests/conftest.py", 9, "store"), Place("tests/test_cart.py", 4, "test_cart")
STORE = Unclosed(
    name="store",
    type="valkey.asyncio.client.Valkey",
    how="left",
    scope="module",
    fixture=True,
    made_at=MADE,
    opened_at=OPENED,
)
TEST = TestRecord(nodeid="tests/test_cart.py::test_cart", name="test_cart", phase="call")


def test_the_client_its_loop_and_its_fixture_are_named() -> None:
    [found] = detect(Evidence(test=TEST, unclosed=(STORE,)))
    assert found.what == "`store` was still open when the module loop closed."
    assert (found.where, found.used_at, found.phase) == (MADE, OPENED, "teardown")
    assert "`async with … as store: yield store`" in found.fix


def test_a_collected_client_is_said_to_be() -> None:
    [found] = detect(Evidence(unclosed=(replace(STORE, how="collected", fixture=False),)))
    assert "still open when the garbage collector freed it" in found.what
    assert found.fix == "Close `store` where it is created: `async with … as store:`."


def test_a_clean_up_that_fails_unseen_is_the_line_to_change() -> None:
    there = Place("tests/conftest.py", 13, "store")
    hidden = replace(STORE, clean_up=there, hidden_by="suppress")
    [found] = detect(Evidence(unclosed=(hidden,)))
    assert (found.where, found.made_at) == (there, MADE)
    assert "tests/conftest.py:13 should close it and failed, and the `suppress`" in found.why


def test_where_only_the_line_that_connects_is_known_it_is_named() -> None:
    [found] = detect(Evidence(unclosed=(replace(STORE, made_at=None, fixture=False),)))
    assert found.where == OPENED
    assert found.what.startswith("What `store` opened at tests/test_cart.py:4 was still open")


def test_what_an_object_keeps_is_closed_where_that_ends() -> None:
    [found] = detect(Evidence(unclosed=(replace(STORE, name="shop.http", fixture=False),)))
    assert "async with" not in found.fix


def test_a_close_that_nobody_awaited_is_another_modes() -> None:
    close = NeverAwaited(name="Valkey.aclose", owner="library")
    assert not list(detect(Evidence(unclosed=(STORE,), dropped=(close,))))


def test_a_test_that_ended_early_had_no_time_to_close() -> None:
    assert not list(detect(Evidence(unclosed=(STORE,), failed=True)))


def test_a_writer_that_was_thrown_away_gets_a_name_to_close_it_by() -> None:
    thrown = replace(STORE, name="_", type="asyncio.StreamWriter", fixture=False)
    [found] = detect(Evidence(test=TEST, unclosed=(thrown,)))
    assert found.fix == (
        "Name it `writer`, and close it in a `finally`: `writer.close()`, then `await"
        " writer.wait_closed()`."
    )


FAILED = ErrorRecord(
    type="AssertionError",
    message="assert False",
    module="test_rates",
    function="test_rates",
    raised="raise",
    owner="user",
)
CLOSE, ASSERTED = Place("rates.py", 7, "aclose"), Place("tests/test_rates.py", 9, "test_rates")
STILL_OPEN = StillOpen(
    subject=Subject(name="session", type="aiohttp.client.ClientSession"),
    asked_at=ASSERTED,
    called="rates.aclose()",
    method="Rates.aclose",
    where=CLOSE,
)


def test_the_method_that_should_have_closed_it_is_named_where_a_test_asserts_so() -> None:
    [found] = detect(Evidence.knowing({find_still_open: STILL_OPEN}, errors=(FAILED,), failed=True))
    assert (found.where, found.used_at, found.certainty) == (CLOSE, ASSERTED, "likely")
    assert found.what == (
        "`session` is still open at tests/test_rates.py:9, after `rates.aclose()`."
    )


def test_what_closes_a_moment_later_is_left_to_others() -> None:
    early = Premature(asked="server.is_serving()", place=ASSERTED)
    known = Evidence.knowing({find_still_open: STILL_OPEN}, errors=(FAILED,), failed=True)
    assert not list(detect(replace(known, premature=(early,))))
