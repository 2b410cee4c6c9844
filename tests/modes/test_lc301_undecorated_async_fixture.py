"""LC301: it names the async fixture that nobody runs, and leaves fixtures alone that ran."""

from dataclasses import replace

from loopcheck.modes.fixtures.lc301_undecorated_async_fixture import detect
from loopcheck.records import (
    Evidence,
    FixtureRecord,
    ItemRecord,
    Place,
    SessionRecord,
    SetUpRecord,
    TestRecord,
)

LINE = Place("tests/conftest.py", 12, "store")
STORE = FixtureRecord(name="store", scope="function", asynchronous=True, place=LINE)
SEEN = SetUpRecord(fixture=STORE, form="generator", asked_by="test_read")
STRICT = SessionRecord(asyncio="1.5.0", mode="strict")
REFUSED = Evidence(
    test=TestRecord(nodeid="t.py::test_read", name="test_read", phase="setup"),
    set_up=SEEN,
    session=STRICT,
)


def test_the_fixture_and_its_line_are_named() -> None:
    [found] = detect(REFUSED)
    assert (found.code, found.certainty, found.where) == ("LC301", "certain", LINE)
    assert found.what == "The fixture `store` is `async def`, and no plugin runs it."
    assert "strict mode" in found.why
    assert "on `store` with `@pytest_asyncio.fixture`" in found.fix


def test_a_later_test_with_an_empty_assertion_gets_the_same_finding() -> None:
    again = replace(REFUSED, set_up=replace(SEEN, again=True))
    assert list(detect(again)) == list(detect(REFUSED))


def test_a_wide_fixture_is_told_its_loop_scope() -> None:
    wide = replace(SEEN, fixture=replace(STORE, scope="module"))
    [found] = detect(replace(REFUSED, set_up=wide))
    assert 'scope="module", loop_scope="module"' in found.fix


def test_without_pytest_asyncio_it_is_to_be_installed_first() -> None:
    for session in (None, SessionRecord()):
        [found] = detect(replace(REFUSED, session=session))
        assert found.fix.startswith("Install pytest-asyncio.")
        assert "not loaded" in found.why


def test_where_anyio_is_alone_its_way_is_told_first() -> None:
    item = ItemRecord(name="test_read", place=LINE, runner="pytest", form="plain")
    [found] = detect(replace(REFUSED, session=SessionRecord(anyio=True), item=item))
    assert "anyio's plugin runs an async fixture only" in found.why
    assert found.fix.startswith("Request the backend, `store(anyio_backend)`")


def test_it_is_not_said_to_run_nowhere_where_anyio_runs_it() -> None:
    [found] = detect(replace(REFUSED, set_up=replace(SEEN, anyio_test="test_of_anyio")))
    assert "anyio runs it for its own tests, such as `test_of_anyio`" in found.what


def test_up_to_pytest_8_the_test_got_the_generator_itself() -> None:
    [found] = detect(replace(REFUSED, set_up=replace(SEEN, handed=True)))
    assert found.why.endswith(
        "Up to version 8, the test gets an async_generator instead of the value."
    )


def test_a_fixture_that_pytest_asyncio_runs_is_left_alone() -> None:
    """pytest fails the same way after a ScopeMismatch: that is LC106."""
    decorated = replace(SEEN, fixture=replace(STORE, loop_scope="module"), again=True)
    assert not list(detect(replace(REFUSED, set_up=decorated)))


def test_a_synchronous_fixture_is_left_alone() -> None:
    plain = replace(SEEN, fixture=replace(STORE, asynchronous=False), form="plain")
    assert not list(detect(replace(REFUSED, set_up=plain)))


def test_a_fixture_whose_own_lines_failed_is_left_alone() -> None:
    assert not list(detect(replace(REFUSED, set_up=None)))
