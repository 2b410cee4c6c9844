"""LC508: it names the client, what it gave, and the line that makes it."""

import ast
from dataclasses import replace

import pytest

from loopcheck.modes.finding import Finding
from loopcheck.modes.stores.lc508_bytes_or_str import detect
from loopcheck.modes.stores.lc508_bytes_or_str.evidence import find_undecoded_answer
from loopcheck.process.stores import bytes_and_text
from loopcheck.records import ErrorRecord, Evidence, Place, Subject, Undecoded

MADE, LINE = Place("tests/conftest.py", 9, "client"), Place("tests/test_cart.py", 20, "test_one")
BYTES = Undecoded(
    client=Subject(name="client", type="valkey.asyncio.client.Valkey"),
    answers="bytes",
    place=LINE,
    how="equal",
    answer="b'42'",
    wanted="'42'",
    made_at=MADE,
)

ERROR = ErrorRecord(
    type="AssertionError",
    message="",
    module="test_shop",
    function="test_shop",
    raised="other",
    owner="library",
)


def case(seen: Undecoded) -> Evidence:
    return Evidence.knowing({find_undecoded_answer: seen}, errors=(ERROR,))


def found(one: Undecoded) -> Finding:
    [said] = detect(case(one))
    return said


def test_the_line_that_makes_the_client_is_the_one_to_change() -> None:
    said = found(BYTES)
    assert (said.certainty, said.where, said.used_at) == ("certain", MADE, LINE)
    assert said.what == (
        "`client` returns bytes, and tests/test_cart.py:20 compares `b'42'` with `'42'`."
    )
    assert "at tests/conftest.py:9 with `decode_responses=True`" in said.fix


def test_without_that_line_the_comparison_is_named() -> None:
    assert found(replace(BYTES, made_at=None)).where == LINE


@pytest.mark.parametrize("turned", [False, True])
def test_the_text_without_the_bytes_is_the_one_that_is_meant(turned: bool) -> None:
    sides = ("user:7", "user:b'7'") if turned else ("user:b'7'", "user:7")
    assert bytes_and_text.parted(ast.Eq(), *sides, "bytes") == ("repr", "user:b'7'", "user:7")


def test_a_number_is_a_matter_of_the_comparison() -> None:
    said = found(replace(BYTES, how="number", wanted="42"))
    assert said.where == LINE
    assert "`int(…)`" in said.fix


def test_an_errors_words_alone_are_likely() -> None:
    said = found(replace(BYTES, how="call", answer=None, proved=False))
    assert said.certainty == "likely"
    assert said.what.endswith("treats its bytes as text.")


def test_a_client_that_decodes_is_told_so() -> None:
    said = found(replace(BYTES, answers="text", answer="'42'", wanted="b'42'"))
    assert "so its answers are text." in said.why
    assert "remove `b'…'` and `.decode()`" in said.fix


def test_a_pool_of_its_own_decides() -> None:
    said = found(replace(BYTES, ignored=True))
    assert "A client with a pool ignores" in said.why
    assert said.fix.startswith("Set `decode_responses=True` where the pool is created: ")


def test_a_client_that_is_given_a_pool_is_not_told_to_decode_by_itself() -> None:
    said = found(replace(BYTES, pooled=True))
    assert said.fix.startswith("Set `decode_responses=True` where the pool is created: ")
    assert "unless it was created with" in said.why


def test_without_a_client_nothing_is_said() -> None:
    assert not list(detect(Evidence()))
