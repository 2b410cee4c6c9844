"""LC505 dirty-store: a test sees data that an earlier test left in a store or database.

What: a counter continues where an earlier test stopped, a key or row already exists, a list has one
      item too many. Each test passes alone, the file fails; in another order another test fails.
Why:  the server outlives the test, and what a test wrote and committed stays. Closing the client,
      or `session.rollback()` after a commit, deletes nothing; two fakes with the same address share
      their data. A dict or list of a module or class lives as long as its module, and the object of
      a fixture as long as its scope says. `app.dependency_overrides` keeps each entry, too, and
      a patch that `start()` began stays until its `stop()`.
Fix:  empty the store before each test, in the fixture that provides the client (`flushdb()`, or
      delete the rows): that also removes what a killed run left. Or give each test its own server,
      database or prefix. Emptying it only afterwards, or another order, only moves the failure.
      loopcheck sees what goes through valkey, redis, fakeredis and SQLAlchemy. With the setting
      `loopcheck_store = true` it also reads the keys of a Valkey or Redis before each test, with a
      client of its own. Then it also knows what an earlier run, a script or another process left.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import PurePath

from loopcheck.modes.finding import Finding
from loopcheck.records import DirtRecord, Evidence, LeftOverride, LeftPatch, Subject

CODE, SLUG = "LC505", "dirty-store"
MAKE_IT_POSSIBLE = frozenset({"fastapi", "unittest.mock", "mock.mock"})
SUPERSEDES: frozenset[str] = frozenset()
AFTER_OTHERS = True
SAYS = (
    "duplicate key value violates unique constraint",
    "UNIQUE constraint failed",
    "UniqueViolationError",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the data that the failing test found, and the test that left it."""
    if evidence.dirt is None and not MAKE_IT_POSSIBLE.isdisjoint(sys.modules):
        from loopcheck.modes.stores.lc505_dirty_store import evidence as questions

        override = evidence.ask(questions.find_left_override) if "fastapi" in sys.modules else None
        if override is not None:
            yield _of_override(override)
        patch = evidence.ask(questions.find_left_patch)
        if patch is not None:
            yield _of_patch(patch)
    dirt = evidence.dirt
    if dirt is None or _behind_a_missed_patch(dirt, evidence):
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",  # that it passes alone is inferred
        subject=Subject(name=dirt.name, type=dirt.type),
        where=dirt.kept_at or dirt.met_at or dirt.used_at,
        made_at=dirt.left_at,
        used_at=dirt.used_at,
        what=_what(dirt, evidence),
        why=_why(dirt),
        fix=_fix(dirt),
        remedy=_remedy(dirt),
    )


def _of_override(one: LeftOverride) -> Finding:
    name = "app.dependency_overrides"
    other = "a fixture that this test does not request" if one.fixture else "another test"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=name, type="dict"),
        where=one.place or one.used_at,
        used_at=one.used_at,
        what=f"The request ran into the override of `{one.key}` by `{one.by}`, {other}.",
        why=f"`{name}` lives as long as its app, which is the whole run. Nothing took the entry out"
        " after the test that needed it.",
        fix="Set it in a fixture, and take it out after the `yield`:"
        f" `{name}.pop({one.key}, None)`. `monkeypatch.setitem` does both.",
    )


def _of_patch(one: LeftPatch) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=one.target, type="unittest.mock.patch"),
        where=one.place,
        used_at=one.used_at,
        what=f"`{one.target}` is still patched since `{one.started_by}` did that for `{one.by}`.",
        why="`patch(…).start()` lasts until its `stop()`, and nothing has called that. So the"
        " result depends on which tests ran before.",
        fix=f"Stop it with the test: `self.addCleanup(patcher.stop)` right after the `start()` at"
        f" {one.place}. Or use `with patch(…):` in a fixture, around its `yield`.",
    )


def _remedy(dirt: DirtRecord) -> tuple[str, ...]:
    if dirt.scope is not None:
        return ("per_test",)
    if dirt.entries:
        return ("restore",)
    return () if dirt.table else ("flush",)


def _behind_a_missed_patch(dirt: DirtRecord, evidence: Evidence) -> bool:
    """True if the module that used the data is one whose patch missed: that is only LC404."""
    missed = evidence.unmet
    if missed is None or dirt.met_at is None:
        return False
    return PurePath(dirt.met_at.file).stem in missed.target.split(".")[:-1]


def _left(dirt: DirtRecord) -> str:
    if not dirt.left_by:
        return "which an earlier run left"
    test = dirt.left_by.rpartition("::")[2]
    if dirt.entries:
        some = "which" if dirt.entries == 1 else "the last of which"
        return f"{some} `{test}` {'made' if dirt.calls else 'left there'}"
    at = f" at {dirt.left_at}" if dirt.left_at else ""
    return f"which `{test}` wrote{at}" if at else f"which did not exist before `{test}`"


def _what(dirt: DirtRecord, evidence: Evidence) -> str:
    this = evidence.test.name if evidence.test else "this test"
    return f"{this} found {_things(dirt)}, {_left(dirt)}."


def _things(dirt: DirtRecord) -> str:
    if dirt.entries:
        if dirt.calls:
            number = "a call" if dirt.entries == 1 else f"{dirt.entries} calls"
            return f"{number} of `{dirt.name}`"
        number = "an entry" if dirt.entries == 1 else f"{dirt.entries} entries"
        named = f" ({', '.join(f'`{one}`' for one in dirt.what)})" if dirt.what else ""
        return f"{number} in `{dirt.name}`{named}"
    if dirt.table:
        return f"rows of `{dirt.what[0]}`"
    keys = ", ".join(f"`{key}`" for key in dirt.what)
    return f"the key {keys}" if len(dirt.what) == 1 else f"the keys {keys}"


def _why(dirt: DirtRecord) -> str:
    at = f" at {dirt.met_at}" if dirt.met_at else ""
    if dirt.scope is not None:
        fixture = dirt.name.partition(".")[0]
        return (
            f"`{fixture}` has the scope {dirt.scope}, so several tests get the same object. The"
            f" result of {dirt.said} depends on what they did with it."
        )
    if dirt.entries:
        return (
            f"`{dirt.name}` lives as long as its module, which is the whole run. The result of"
            f" {dirt.said} depends on its contents."
        )
    if dirt.refused:
        return (
            f"The {dirt.said}{at} failed because a row with that key was already committed, and"
            " nothing deleted it between the tests."
        )
    holder = "table" if dirt.table else "store"
    return (
        f"The result of the {dirt.said}{at} depends on the contents of the {holder}, and nothing"
        " emptied it between the tests."
    )


def _fix(dirt: DirtRecord) -> str:
    where = f" (created at {dirt.kept_at})" if dirt.kept_at else ""
    at = f" at {dirt.kept_at}" if dirt.kept_at else ""
    if dirt.scope is not None:
        fixture, reset = dirt.name.partition(".")[0], "reset" if dirt.calls else "empty"
        return (
            f'Drop `scope="{dirt.scope}"` of `{fixture}`{at}, so that each test gets an object of'
            f" its own. Or {reset} `{dirt.name}` before each test, in an autouse fixture."
        )
    if dirt.entries:
        do = "Restore" if dirt.of_its_own else "Empty"
        return (
            f"{do} `{dirt.name}`{where} before each test, in an autouse fixture. Or keep it in an"
            " object that each test creates anew."
        )
    if dirt.table:
        return (
            f"Empty the tables before each test: delete the rows through `{dirt.name}`{where} in a"
            " fixture, before its `yield`. Or give each test its own database."
        )
    return (
        f"Empty the store before each test: call `flushdb()` on `{dirt.name}`{where} in a fixture,"
        " before its `yield`. Or use keys with a different prefix in each test."
    )
