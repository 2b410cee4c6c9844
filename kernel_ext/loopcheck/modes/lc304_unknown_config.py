"""LC304 unknown-config: a setting that no plugin knows, or a file that pytest does not read.

What: `asyncio_mode = auto` is written down, and async tests and fixtures are not run all the same.
Why:  pytest reads one file: the first of pytest.toml, pytest.ini, pyproject.toml, tox.ini and
      setup.cfg that is for it, in the root of the run, and there one section. What stands in others
      is passed over; only the header says so, which `-q` hides. A misspelt name gives a warning.
Fix:  one file, the right section, the right name. `--strict-config` refuses unknown names.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.facts.records import Evidence, SessionRecord, SettingRecord, Subject
from loopcheck.modes._match import (
    left_to_pytest,
    loop_scope,
    loop_words,
    strangers,
    undecorated,
)
from loopcheck.modes.finding import Certainty, Finding

CODE, SLUG = "LC304", "unknown-config"
# Two loops met that the setting would have made one.
SUPERSEDES = frozenset({"LC101", "LC102", "LC106", "LC301", "LC303", "LC604"})
SAYS = (
    "Unknown config option",
    "ignoring pytest config in",
    "is not a valid asyncio_mode",
    "section in setup.cfg files is no longer supported",
    "is not a valid asyncio_default_",
    "async def functions are not natively supported + mode=Mode.STRICT",
    "async def functions are not natively supported",
    "requested an async fixture + mode=Mode.STRICT",
)

STRICT = {
    "asyncio_mode": "pytest-asyncio works in strict mode",
    "anyio_mode": "anyio takes only tests that are marked",
}


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that was to let pytest-asyncio take the test, or to give it another loop."""
    session = evidence.session
    if session is None:
        return
    for setting in session.idle_scopes:
        if loop_words(evidence) is not None and _would_join(setting, evidence):
            met = _loops_that_met(setting, evidence)
            yield _finding(setting, session, "likely", f", and two loops meet: {met}")
            return
        if _of_tests(setting) and (fixture := _unanswered(setting, evidence)) is not None:
            still = f", and the {setting.value} loop of fixture `{fixture}` stands still meanwhile"
            yield _finding(setting, session, "likely", still)
            return
    if session.mode == "auto" or not session.idle:
        return
    setting = session.idle[0]
    of_fixtures = setting.meant == "asyncio_mode"  # anyio has one kind, for those marked and not
    if _test_left(evidence) or (of_fixtures and undecorated(evidence.set_up)):
        yield _finding(setting, session, "certain", f": {STRICT[setting.meant]}")


def _finding(
    setting: SettingRecord, session: SessionRecord, certainty: Certainty, so: str
) -> Finding:
    why, fix = _words(setting, session)
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=Subject(name=setting.name, type="setting"),
        where=setting.place,
        what=f"`{setting.name}` has no effect here{so}.",
        why=why,
        fix=fix,
    )


def _of_tests(setting: SettingRecord) -> bool:
    return "_test_" in setting.meant


def _would_join(setting: SettingRecord, evidence: Evidence) -> bool:
    """Return whether the two loops that met would have been one by the setting."""
    here, test = loop_scope(evidence.used_on), evidence.test
    homes = _homes(evidence)
    if _of_tests(setting):
        own = test.loop_scope if test is not None else None
        one = setting.value == "session" and homes == {"function"}  # less may be of two modules
        return own == here == "function" and (one or homes == {setting.value})
    return homes == {"function"} and here == setting.value


def _loops_that_met(setting: SettingRecord, evidence: Evidence) -> str:
    if _of_tests(setting) and _homes(evidence) == {"function"}:
        return "the function loops of two tests"
    whose = "the test" if _of_tests(setting) else "a fixture"
    return f"the {setting.value} loop and the function loop of {whose}"


def _homes(evidence: Evidence) -> set[str | None]:
    return {loop_scope(thing.loop) for thing in strangers(evidence)}


def _unanswered(setting: SettingRecord, evidence: Evidence) -> str | None:
    """Return the fixture that a test on a loop of its own waits for, and by the setting would not.

    LC106 names it as well, and what it waits for.
    """
    if evidence.test is None or evidence.test.loop_scope != "function":
        return None
    waits = evidence.hang.waits if evidence.hang is not None else ()
    held = [(one.fixture, one.loop) for wait in waits for one in wait.holders]
    held += [(one.fixture, one.loop) for one in evidence.premature]
    there = {f.name for f in evidence.fixtures if f.loop_scope == setting.value}
    found = (name for name, loop in held if name in there and loop_scope(loop) == setting.value)
    return next(found, None)


def _test_left(evidence: Evidence) -> bool:
    """Return whether auto mode would have run the test."""
    item = evidence.item
    if item is None or item.form != "coroutine" or item.wrapper is not None:
        return False
    return item.isolated is None and left_to_pytest(evidence)


def _words(setting: SettingRecord, session: SessionRecord) -> tuple[str, str]:
    """Return why it has no effect, and what to change."""
    file, read = setting.place.file, session.settings
    if not setting.read and not setting.looked:
        from_there = f"pytest reads {read} in this run" if read else "pytest reads no file"
        to = f"Move it to {read}" if read else f"Move {file} to the folder that pytest starts from"
        return (
            f"{from_there}, and nothing of {file}.",
            f"{to}: one file for all settings.",
        )
    if setting.read and setting.name not in (setting.meant, "--asyncio-mode"):
        return (
            f"No plugin knows `{setting.name}`: pytest warns and goes on.",
            f"Say `{setting.meant} = {setting.value}`. `--strict-config` refuses names that"
            " nobody knows.",
        )
    return (
        f"It stands outside of the section that pytest reads of {file}.",
        f"Move it there: `{setting.section}`.",
    )
