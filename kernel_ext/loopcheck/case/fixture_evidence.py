"""What is known about a fixture before any test fails: evidence for the same modes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from loopcheck.labels import Labels
from loopcheck.records import DefinedFixture, ErrorRecord, Evidence, SessionRecord, SetUpRecord
from loopcheck.runner import collected_tests, fixture_lookups, fixtures, idle_fixtures, session

# As if pytest itself had refused it: no user line would run.
REFUSED = ErrorRecord(
    type="_pytest.outcomes.Failed",
    message="",
    module="_pytest.fixtures",
    function="pytest_fixture_setup",
    raised="other",
    owner="machinery",
)


def evidence(
    one: DefinedFixture, definition: Any, node: Any, run: SessionRecord, labels: Labels
) -> Iterator[Evidence]:
    """Yield the evidence that a test requesting this fixture would produce."""
    yield Evidence(foreseen=one.fixture, session=run)
    if one.runner in ("pytest-asyncio", None):
        set_up = SetUpRecord(fixture=one.fixture, form=one.form)
        yield Evidence(set_up=set_up, errors=(REFUSED,), session=run)
    for need in one.fixture.needs:
        if not fixtures.visible(need, node):
            lookup = fixture_lookups.of_name(need, definition, node, labels)
            yield Evidence(lookup=lookup, session=run)


def run_of(node: Any, labels: Labels) -> SessionRecord:
    """Return the session's settings for all tests at *node*."""
    return session.read_session(node, labels)


def unrequested(
    run: Any, tests: Sequence[Any], is_whole: Callable[[Path], bool], labels: Labels
) -> Iterator[Evidence]:
    """Yield the evidence of fixtures that once set the loop of all tests, and now set nothing.

    *tests* are all that pytest collected, before any was deselected. Only a folder that *is_whole*
    has all tests that may request one of its fixtures.
    """
    test = next((one for one in run.items if _is_asyncios(one)), None)
    if test is None:
        return
    for name, definitions in idle_fixtures.defined(run).items():
        for one in definitions if not idle_fixtures.is_requested(name, tests) else ():
            code = fixtures.users_code(one)
            if code is not None and is_whole(Path(code.co_filename)):
                yield Evidence(
                    foreseen=fixtures.read_one(one, test, labels),
                    unrequested=True,
                    session=run_of(test, labels),
                )


def _is_asyncios(item: Any) -> bool:
    return collected_tests.RUNNERS.get(type(item).__module__) == "pytest-asyncio"
