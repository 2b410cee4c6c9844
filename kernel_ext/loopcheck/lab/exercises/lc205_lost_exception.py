"""The exercise of LC205: a printing shop with background jobs that should report what failed.

The lesson shows one task whose error a fixture has to fetch. Here many jobs run side by side:
`close` must raise each error, and an error must not stop the other jobs.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    holds,
)
from loopcheck.lab.seen import Seen

PRINTER = '''\
"""A printer. It prints many letters at once, and refuses an empty one."""

import asyncio


class Printer:
    def __init__(self):
        self.printed = []

    async def print(self, letter):
        await asyncio.sleep(0)  # paper
        if not letter:
            raise ValueError("an empty letter")
        await asyncio.sleep(0.01)  # ink
        self.printed.append(letter)
'''

TESTS = """\
import asyncio

import pytest
from press import Press
from printer import Printer

pytestmark = pytest.mark.asyncio
REFUSED = (ValueError, ExceptionGroup)  # the error itself, or a group of errors


async def test_an_order_does_not_wait():
    press = Press(printer := Printer())
    press.order("to Ada")
    assert printer.printed == []
    await press.close()
    assert printer.printed == ["to Ada"]


async def test_without_an_order_it_closes():
    await Press(Printer()).close()


async def test_whoever_closes_hears_of_a_refused_letter():
    press = Press(Printer())
    press.order("")
    with pytest.raises(REFUSED):
        await press.close()


async def test_also_of_one_that_was_refused_long_ago():
    press = Press(Printer())
    press.order("")
    await asyncio.sleep(0.05)
    press.order("to Ada")
    with pytest.raises(REFUSED):
        await press.close()


async def test_the_other_letters_are_printed_all_the_same():
    press = Press(printer := Printer())
    for letter in ("to Ada", "", "to Ben", ""):
        press.order(letter)
    with pytest.raises(REFUSED):
        await press.close()
    assert sorted(printer.printed) == ["to Ada", "to Ben"]
"""

SKELETON = '''\
"""A printing shop: orders are printed behind your back, and done when it has closed."""

import asyncio


class Press:
    def __init__(self, printer):
        self.printer = printer
        self.jobs = set()

    def order(self, letter):
        job = asyncio.create_task(self.printer.print(letter))
        self.jobs.add(job)  # else it could be collected in the middle of its work
        job.add_done_callback(self.jobs.discard)

    async def close(self):
        if self.jobs:
            await asyncio.wait(self.jobs)
'''

FILE = "printer.py"
LATE = 'if not letter:\n            raise ValueError("an empty letter")\n'
INK = "await asyncio.sleep(0.01)  # ink\n"
SLOW = Run(planted=((FILE, INK, "await asyncio.sleep(0.2)\n"),))
AFTERWARDS = Run(
    planted=(
        (FILE, LATE, "pass\n"),
        (FILE, INK, f"await asyncio.sleep(0.02)\n        {LATE}"),
    )
)
MANY = 'for letter in ("to Ada", "", "to Ben", ""):'
EXPECTED = """\
    with pytest.raises(REFUSED):
        await press.close()
    assert sorted("""


def raised(words: tuple[str, ...], otherwise: str) -> str:
    """Return a test's end that looks for *words* in what was raised, in groups and causes, too."""
    return EXPECTED.replace("REFUSED):", "Exception) as heard:").replace(
        "    assert sorted(",
        "    errors = [heard.value]\n"
        "    for error in errors:\n"
        "        errors += [*getattr(error, 'exceptions', ())]\n"
        "        errors += [error.__cause__] if error.__cause__ else []\n"
        "        errors += [error.__context__] if error.__context__ else []\n"
        "    said = ' '.join(str(error) for error in errors)\n"
        f"    assert all(word in said for word in {words!r}), {otherwise!r}\n"
        "    assert sorted(",
    )


JAMMED = Run(
    planted=(
        (FILE, "if not letter:", 'if letter == "to Cem":'),
        (FILE, 'ValueError("an empty letter")', 'OSError("a paper jam")'),
        ("test_press.py", MANY, MANY.replace('""', '"to Cem"')),
        ("test_press.py", EXPECTED, raised(("a paper jam",), "another error")),
    )
)
TWICE = """if not letter:
            self.refused = getattr(self, "refused", 0) + 1
            raise ValueError(f"refusal {self.refused}")
"""
BOTH = Run(
    planted=(
        (FILE, LATE, TWICE),
        (
            "test_press.py",
            EXPECTED,
            raised(("refusal 1", "refusal 2"), "of two refused letters, one error is missing"),
        ),
    )
)
CLOSED = """\
    assert printer.printed == []
    await press.close()
"""
PRINTED = """\
    assert printer.printed == []
    async with asyncio.timeout(1):
        while not printer.printed:
            await asyncio.sleep(0.001)
    await press.close()
"""
LATELY = "test_whoever_closes_hears_of_a_refused_letter"
LONG_AGO = "test_also_of_one_that_was_refused_long_ago"
OTHERS = "test_the_other_letters_are_printed_all_the_same"


def _nobody_heard(seen: Seen) -> str | None:
    if not seen.lost:
        return None
    return f"{seen.lost[0]['words']}: raised in a task, and nobody asked that task"


def _not_its_own(seen: Seen) -> str | None:
    """Return what `close` did about a letter that the printer refused for a reason of its own."""
    if seen.outcomes.get(OTHERS) == "passed":
        return None
    return f"a letter with an address met a paper jam: {seen.failures.get(OTHERS, '?')}"


def _one_of_two(seen: Seen) -> str | None:
    """Return what `close` did about two refused letters, each with an error of its own."""
    if seen.outcomes.get(OTHERS) == "passed":
        return None
    return f"two letters were refused, each with its own error: {seen.failures.get(OTHERS, '?')}"


def _left_behind(seen: Seen) -> str | None:
    return f"{seen.left[0]['name']} still ran when the shop had closed" if seen.left else None


def _not_told(seen: Seen) -> bool:
    return any("DID NOT RAISE" in failure for failure in seen.failures.values())


WRONG_TURNS = (
    WrongTurn(
        name="refused long ago",
        did=lambda seen: (
            not seen.planted
            and bool(seen.lost)
            and "DID NOT RAISE" in seen.failures.get(LONG_AGO, "")
            and seen.outcomes.get(LATELY) == "passed"
        ),
        answer="`close` raises the error of a job that it still waits for. A job that failed "
        "before has left the set by then, and its error with it: keep each job until `close` has "
        "looked at it.",
    ),
    WrongTurn(
        name="one of two errors",
        did=lambda seen: (
            (not seen.planted and seen.green and bool(seen.lost))
            or (TWICE in seen.bugs and "one error is missing" in seen.failures.get(OTHERS, ""))
        ),
        answer="Every test passes, and an error is still lost: of two refused letters, `close` "
        "raises one. Collect the errors of all jobs, and raise them together, as a group.",
    ),
    WrongTurn(
        name="an order that has to be awaited",
        did=lambda seen: bool(seen.dropped),
        answer="`order` is an `async def` now, so the old calls make a coroutine and drop it "
        "(LC202). `order` only has to accept the order; `close` awaits the printing.",
    ),
    WrongTurn(
        name="the first error wins",
        did=lambda seen: not seen.planted and OTHERS in seen.failures and not _not_told(seen),
        answer="`close` raises the first error while other letters are still in the printer, and "
        "cuts them off. Wait for all of them first, then raise.",
    ),
    WrongTurn(
        name="asked, and not told",
        did=lambda seen: (
            not seen.planted and _not_told(seen) and not seen.lost and not seen.dropped
        ),
        answer="You fetch the error from its task, but it goes no further: the code ignores the "
        "result, or an `except` drops it. `close` has to raise it.",
    ),
    WrongTurn(
        name="printed at the end",
        did=lambda seen: PRINTED in seen.bugs and seen.failed_with("TimeoutError"),
        answer="No error is lost, because nothing is printed behind your back any more: all "
        "letters wait for `close`. Start the job in `order`, and let `close` ask it how it ended.",
    ),
)

EXERCISE = Exercise(
    stem="lc205_lost_exception",
    kind="mend the code",
    task="Make all five tests pass, in any order: an order must not wait, `close` must raise "
    "the errors of all refused letters, and all others must be printed by then.",
    edits="press.py",
    skeleton=SKELETON,
    frozen={"test_press.py": TESTS, FILE: PRINTER},
    requirements=(
        all_there(5),
        EVERY_TEST_PASSES,
        Requirement(name="no error stays in a task", unmet=_nobody_heard),
        Requirement(name="no job is left when the shop has closed", unmet=_left_behind),
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="it holds with a slow printer", unmet=first_not_passed, run=SLOW),
        Requirement(
            name="it holds when a letter is refused late", unmet=first_not_passed, run=AFTERWARDS
        ),
        holds("a letter is printed before the shop closes", ("test_press.py", CLOSED, PRINTED)),
        Requirement(
            name="whatever error the printer has is raised", unmet=_not_its_own, run=JAMMED
        ),
        Requirement(
            name="the errors of all refused letters are raised", unmet=_one_of_two, run=BOTH
        ),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Follow the ValueError: which object holds it when the job is over, and which code reads "
        "it?",
        "`asyncio.wait` only waits. And a job that failed early is no longer in `jobs` when the "
        "shop closes: the callback has discarded it, with its error.",
        "Keep each job until `close`. There: `results = await asyncio.gather(*…, "
        "return_exceptions=True)`, which waits for all of them; then look for errors, `[… if "
        "isinstance(…)]`, and raise them: of several, as a group.",
    ),
    learned="You can say where a task's error goes, and make sure that some code raises it.",
    seconds=5.0,
)
