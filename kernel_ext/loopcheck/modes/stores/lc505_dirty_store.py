"""LC505 dirty-store: data of one test is seen by the next, in a store or database.

What: a counter goes on where an earlier test stopped, a key or row is there already, a list holds
      one item more. Each test passes alone, the file fails; in another order another test does.
Why:  the server outlives the test, and what was written and committed stays. Closing the client
      and `session.rollback()` after a commit take nothing away; two fakes with the same address
      share their data. A dict or list of a module or class lives as long as its module does.
Fix:  empty the store before each test, in the fixture that gives the client (`flushdb()`, or
      deleting the rows): that heals what a killed run left, too. Or give each test a server, a
      database or a prefix of its own. Emptying it only afterwards, or another order, only moves it.
      loopcheck sees what goes through valkey, redis, fakeredis and SQLAlchemy. With the setting
      `loopcheck_store = true` it also asks a Valkey or Redis for its keys before each test, with a
      client of its own: then it knows what an earlier run left, a script, or another process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from loopcheck.modes.finding import Finding
from loopcheck.records import DirtRecord, Evidence, Subject

CODE, SLUG = "LC505", "dirty-store"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "duplicate key value violates unique constraint",
    "UNIQUE constraint failed",
    "UniqueViolationError",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what the failing test met and did not make, and the test that left it."""
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
    )


def _behind_a_missed_patch(dirt: DirtRecord, evidence: Evidence) -> bool:
    """Whether it was met in the module that a double was to stand in for: that is LC404 alone."""
    missed = evidence.unmet
    if missed is None or dirt.met_at is None:
        return False
    return PurePath(dirt.met_at.file).stem in missed.target.split(".")[:-1]


def _left(dirt: DirtRecord) -> str:
    if not dirt.left_by:
        return "was there before the first test came: an earlier run left it"
    test = dirt.left_by.rpartition("::")[2]
    if dirt.entries:
        return f"`{test}` had left there"
    at = f" at {dirt.left_at}" if dirt.left_at else ""
    return f"`{test}` had written{at}" if at else f"was not there before `{test}`"


def _what(dirt: DirtRecord, evidence: Evidence) -> str:
    this = evidence.test.name if evidence.test else "this test"
    return f"{this} met {_things(dirt)}, which {_left(dirt)}."


def _things(dirt: DirtRecord) -> str:
    if dirt.entries:
        number = "an entry" if dirt.entries == 1 else f"{dirt.entries} entries"
        named = f" ({', '.join(f'`{one}`' for one in dirt.what)})" if dirt.what else ""
        return f"{number} of `{dirt.name}`{named}"
    if dirt.table:
        return f"rows of `{dirt.what[0]}`"
    keys = ", ".join(f"`{key}`" for key in dirt.what)
    return f"the key {keys}" if len(dirt.what) == 1 else f"the keys {keys}"


def _why(dirt: DirtRecord) -> str:
    at = f" at {dirt.met_at}" if dirt.met_at else ""
    if dirt.entries:
        return (
            f"`{dirt.name}` lives as long as its module, so for all tests of the run, and"
            f" {dirt.said} answers by what is there."
        )
    if dirt.refused:
        return (
            f"The {dirt.said}{at} was refused: a row with that key was committed before, and nobody"
            " took it away between the tests."
        )
    return f"The {dirt.said}{at} answers by what is there, and nobody emptied it between the tests."


def _fix(dirt: DirtRecord) -> str:
    where = f" (it is made at {dirt.kept_at})" if dirt.kept_at else ""
    if dirt.entries:
        do = f"Put `{dirt.name}`{where} back as it was" if dirt.of_its_own else ""
        return (
            f"{do or f'Empty `{dirt.name}`{where}'} before each test, in an autouse fixture; or"
            " keep it in an object that each test makes anew."
        )
    if dirt.table:
        return (
            f"Begin each test with empty tables: delete the rows through `{dirt.name}`{where} in a"
            " fixture, before it yields; or give each test a database of its own."
        )
    return (
        f"Empty the store before each test: `flushdb()` on `{dirt.name}`{where} in a fixture,"
        " before it yields; or keys with a prefix of the test's own."
    )
