"""LC308: it names what tests share, who changed it, and what it did."""

from dataclasses import replace

import pytest

from loopcheck.modes.finding import Finding
from loopcheck.modes.fixtures.lc308_shared_arguments import detect
from loopcheck.records import Evidence, Place, SharedRecord

MADE, USED = Place("tests/test_shop.py", 4, "KWARGS"), Place("shop/client.py", 12, "call")
POPPED = SharedRecord(
    name="KWARGS",
    type="dict",
    kind="global",
    explains="key",
    place=MADE,
    used_at=USED,
    changed_by="tests/test_shop.py::TestShop::test_first[a]",
    lost=("'key'",),
)


def found(shared: SharedRecord) -> Finding:
    [one] = detect(Evidence(shared=shared))
    return one


def test_a_key_that_another_test_took_is_named_with_it() -> None:
    said = found(POPPED)
    assert (said.certainty, said.where, said.used_at) == ("certain", MADE, USED)
    assert said.what == ("`test_first[a]` removed `'key'` from `KWARGS` before this test started.")
    assert "`dict(…)`" in said.fix


def test_who_is_not_known_is_not_guessed() -> None:
    assert "An earlier test removed" in found(replace(POPPED, changed_by=None)).what


def test_an_assertion_that_would_hold_is_likely_and_not_certain() -> None:
    said = found(replace(POPPED, explains="assertion", lost=(), changed=("'on'",)))
    assert said.certainty == "likely"
    assert "changed `'on'` in `KWARGS`" in said.what


@pytest.mark.parametrize(
    ("shared", "why", "fix"),
    [
        (replace(POPPED, kind="parameter"), "`parametrize` passes", "in a fixture"),
        (replace(POPPED, kind="fixture", scope="module"), "module scope", "function scope"),
        (replace(POPPED, kind="attribute"), "belongs to the class", "in a fixture"),
        (replace(POPPED, kind="default"), "creates a default once", "None by default"),
    ],
    ids=["parameter", "fixture", "attribute", "default"],
)
def test_each_kind_is_told_its_own_reason(shared: SharedRecord, why: str, fix: str) -> None:
    said = found(shared)
    assert why in said.why
    assert fix in said.fix


def test_many_elements_are_counted() -> None:
    said = found(replace(POPPED, type="list", lost=(), gained=("1", "2", "3", "4", "5")))
    assert "added `1`, `2`, `3` and 2 more to `KWARGS`" in said.what


def test_where_nothing_was_changed_nothing_is_said() -> None:
    assert not list(detect(Evidence()))
