"""LC202: it names what was made and dropped, and leaves the shadows of other faults alone."""

from dataclasses import replace
from typing import Literal

import pytest

from loopcheck.modes.tasks.lc202_never_awaited import detect
from loopcheck.modes.tasks.lc202_never_awaited.evidence import (
    Kind,
    ReusedCoroutine,
    find_reused_coroutine,
)
from loopcheck.records import DoubleRecord, ErrorRecord, Evidence, NeverAwaited, Place, Subject

LINE = Place("tests/test_cart.py", 12, "check_price")
CHECK = NeverAwaited(name="check_price", owner="user", made_at=LINE, made_by="test_price")


def test_the_coroutine_and_the_call_are_named() -> None:
    [found] = detect(Evidence(dropped=(CHECK,)))
    assert found.what == "A coroutine of `check_price` was created and never awaited."
    assert (found.code, found.certainty, found.where) == ("LC202", "certain", LINE)
    assert found.fix.startswith("`await` the call at tests/test_cart.py:12.")


def test_a_librarys_coroutine_is_shown_with_the_users_word_for_it() -> None:
    line = replace(LINE, name="set")
    one = NeverAwaited(name="Valkey.execute_command", owner="library", made_at=line)
    [found] = detect(Evidence(dropped=(one,)))
    assert "`Valkey.execute_command`, called as `set`, was created" in found.what


def test_a_line_without_a_plain_call_shows_what_to_write() -> None:
    [found] = detect(Evidence(dropped=(replace(CHECK, awaited_as="await basket.total"),)))
    assert str(found.fix).startswith("Write `await basket.total` at tests/test_cart.py:12.")


def test_a_line_that_is_not_known_is_left_out() -> None:
    [found] = detect(Evidence(dropped=(replace(CHECK, made_at=None),)))
    assert found.where is None
    assert found.fix.startswith("`await` the call.")


def test_a_plain_function_is_told_to_become_async() -> None:
    total = replace(CHECK, made_by="total", in_plain=True)
    [found] = detect(Evidence(dropped=(total,)))
    assert found.fix == (
        "`await` the call at tests/test_cart.py:12. For that, turn `total` from a plain `def` into"
        " an `async def`, and await it where it is called."
    )


def test_an_await_in_a_generator_stands_in_a_list() -> None:
    one = replace(CHECK, made_by="check", in_plain=True, in_generator=True)
    [found] = detect(Evidence(dropped=(one,)))
    assert "test_cart.py:12 in a list, `[await … for …]`. For that, turn `check`" in found.fix


def test_what_calls_it_is_named_where_that_is_a_library() -> None:
    [found] = detect(Evidence(dropped=(replace(CHECK, caller="loop.call_later"),)))
    assert found.fix.startswith("`loop.call_later` at tests/test_cart.py:12 calls its argument")


def test_a_double_that_drops_it_is_to_be_changed_and_not_the_call() -> None:
    [found] = detect(Evidence(dropped=(replace(CHECK, double="asyncio.wait_for"),)))
    assert found.fix.startswith("The mock `asyncio.wait_for` at tests/test_cart.py:12 drops")


@pytest.mark.parametrize("role", ["mock", "test", "fixture", "nested run", "another test"])
def test_the_shadow_of_another_fault_is_left_alone(
    role: Literal["mock", "test", "fixture", "nested run", "another test"],
) -> None:
    assert not list(detect(Evidence(dropped=(replace(CHECK, role=role),))))


def test_a_test_that_failed_before_it_could_await_is_left_alone() -> None:
    assert not list(detect(Evidence(dropped=(replace(CHECK, kept=True),), failed=True)))
    assert list(detect(Evidence(dropped=(CHECK,), failed=True)))


def test_a_test_that_left_nothing_is_left_alone() -> None:
    assert not list(detect(Evidence()))


COUNTED = DoubleRecord(
    subject=Subject(name="pool.release", type="AsyncMock"),
    kind="async",
    wanted="awaited",
    said="pool.release()",
    called_at=LINE,
)


def test_a_double_that_was_to_be_awaited_is_named_by_its_call() -> None:
    [found] = detect(Evidence(doubles=(COUNTED,)))
    assert (found.certainty, found.where) == ("likely", LINE)
    assert found.what.startswith("`pool.release` is called at tests/test_cart.py:12 and never")
    assert "If the real one is a plain function" in found.fix


def test_where_the_real_one_is_known_the_fault_is_certain() -> None:
    [found] = detect(Evidence(doubles=(replace(COUNTED, real="async"),)))
    assert (found.certainty, found.fix) == ("certain", "`await` the call at tests/test_cart.py:12.")
    assert not list(detect(Evidence(doubles=(replace(COUNTED, real="sync"),))))


AGAIN = ErrorRecord(
    type="RuntimeError",
    message="cannot reuse already awaited coroutine",
    module="shop",
    function="price",
    raised="await",
    owner="user",
)
REUSED = ReusedCoroutine(
    coroutine="load",
    name="answer",
    kind="name",
    used_at=Place("shop.py", 9, "price"),
    made_at=LINE,
)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("name", "Keep the result, `answer = await …` at tests/test_cart.py:12"),
        ("argument", "Pass the function at tests/test_cart.py:12, without calling it"),
        ("attribute", "Keep the function at tests/test_cart.py:12, without calling it"),
        ("fixture", "Turn the fixture at tests/test_cart.py:12 into a `@pytest_asyncio.fixture`"),
        ("mock", "`side_effect=load` instead of a `return_value` at tests/test_cart.py:12"),
        ("cache", "The cache at tests/test_cart.py:12 keeps the coroutine, and not its result"),
    ],
)
def test_a_coroutine_that_has_run_is_to_be_made_anew(kind: Kind, words: str) -> None:
    seen = replace(REUSED, kind=kind)
    [found] = detect(Evidence.knowing({find_reused_coroutine: seen}, errors=(AGAIN,)))
    assert (found.where, found.used_at, found.certainty) == (LINE, REUSED.used_at, "certain")
    assert words in found.fix


def test_another_error_asks_for_no_coroutine_that_has_run() -> None:
    other = replace(AGAIN, message="cannot reuse a ticket")
    assert not list(detect(Evidence.knowing({find_reused_coroutine: REUSED}, errors=(other,))))
    assert not list(detect(Evidence.knowing({find_reused_coroutine: None}, errors=(AGAIN,))))
