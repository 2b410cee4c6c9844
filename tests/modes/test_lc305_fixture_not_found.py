"""LC305: it names the fixture that was asked for and what was meant, and leaves others alone."""

from dataclasses import replace

import pytest

from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.fixtures.lc305_fixture_not_found import detect
from loopcheck.records import Evidence, LookupRecord, Place, SessionRecord, TestRecord

ASKER = Place("tests/test_shop.py", 30, "test_get")
ELSEWHERE = Place("unit/conftest.py", 5, "db")
LOOKUP = LookupRecord(name="db", asked_by="test_get", asked_at=ASKER)
ASKED = Evidence(
    test=TestRecord(nodeid="t.py::test_get", name="test_get", phase="setup"),
    lookup=LOOKUP,
    session=SessionRecord(asyncio="1.5.0", mode="strict", removed=("event_loop",)),
)


def test_the_name_and_who_asked_are_named() -> None:
    [found] = detect(ASKED)
    assert (found.code, found.certainty, found.where) == ("LC305", "certain", ASKER)
    assert found.what == "No fixture `db` is within reach of `test_get`."
    assert found.subject is not None
    assert found.subject.name == "db"


def test_a_fixture_that_asks_is_called_one() -> None:
    [found] = detect(replace(ASKED, lookup=replace(LOOKUP, asked_by="shop", by_fixture=True)))
    assert found.what.endswith("of the fixture `shop`.")


@pytest.mark.parametrize(
    ("lookup", "why", "fix"),
    [
        (replace(LOOKUP, near=("store", "stores")), "defines it", "Write `store` or `stores`"),
        (
            replace(LOOKUP, near=("store",), marked=True),
            "defines it",
            "`store` in the `usefixtures`",
        ),
        (replace(LOOKUP, elsewhere=(ELSEWHERE,)), "unit/conftest.py:5", "a `conftest.py` in"),
        (replace(LOOKUP, unloaded=ELSEWHERE), "not loaded", "`pytest_plugins`"),
        (
            replace(LOOKUP, unloaded=ELSEWHERE, unloaded_as="db"),
            '`db` under `name="db"`',
            "`pytest_plugins`",
        ),
        (
            replace(LOOKUP, unloaded=ELSEWHERE, unloaded_as="database"),
            "is the function; its fixture is named `database`",
            "And write `database` in the arg",
        ),
        (replace(LOOKUP, in_class=ELSEWHERE, of_class="Own"), "class `Own`", "out of the class"),
        (replace(LOOKUP, near_elsewhere=("dbs", ELSEWHERE)), "`dbs` at unit/", "write `dbs` in"),
        (replace(LOOKUP, renamed="database"), "is the function", "Write `database` in the arg"),
        (replace(LOOKUP, given="deliver"), "passes no mock to the test", "`new_callable=…`"),
        (replace(LOOKUP, plugin="pytest-mock"), "No plugin", "Install pytest-mock"),
        (LOOKUP, "No file or plugin", "from the arguments of `test_get`"),
    ],
)
def test_each_reason_has_its_own_words(lookup: LookupRecord, why: str, fix: str) -> None:
    [found] = detect(replace(ASKED, lookup=lookup))
    assert found.where == ASKER
    assert why in found.why
    assert fix in found.fix


@pytest.mark.parametrize(
    ("asynchronous", "decorator"), [(True, "pytest_asyncio"), (False, "pytest")]
)
def test_a_function_without_the_decorator_is_the_line_to_change(
    asynchronous: bool, decorator: str
) -> None:
    lookup = replace(LOOKUP, function=ELSEWHERE, asynchronous=asynchronous)
    [found] = detect(replace(ASKED, lookup=lookup))
    assert (found.where, found.used_at) == (ELSEWHERE, ASKER)
    assert found.fix == f"Put `@{decorator}.fixture` on it."


def test_event_loop_is_left_to_lc302() -> None:
    evidence = replace(ASKED, lookup=replace(LOOKUP, name="event_loop"))
    assert [found.code for found in diagnose(evidence)] == ["LC302"]


def test_a_fixture_that_asks_for_itself_is_left_alone() -> None:
    assert not list(detect(replace(ASKED, lookup=replace(LOOKUP, recursive=True))))


def test_a_fixture_that_failed_is_left_alone() -> None:
    assert not list(detect(replace(ASKED, lookup=None)))
