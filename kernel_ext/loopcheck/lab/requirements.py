"""Requirements that many exercises share. Each reports what was seen, never how it was checked."""

from loopcheck.lab.exercise import Requirement, Run
from loopcheck.lab.seen import Seen

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def all_there(tests: int) -> Requirement:
    """pytest finds at least *tests* tests."""

    def unmet(seen: Seen) -> str | None:
        found = len(seen.collected or ())
        if found >= tests:
            return None
        return trouble(seen) or f"found {found or 'no test'}, the exercise began with {tests}"

    few = {1: "the test is there", 2: "both tests are there"}
    name = few.get(tests, f"all {NUMBERS[tests]} tests are there")
    return Requirement(name=name, unmet=unmet, early=True)


def first_not_passed(seen: Seen) -> str | None:
    """Return the first test that did not pass, and why; None if all did."""
    for test, outcome in seen.outcomes.items():
        if outcome == "failed":
            return f"{test}: {seen.failures.get(test, outcome)}"
        if outcome != "passed":
            return f"{test} was {outcome}, so it proves nothing"
    return trouble(seen)


def trouble(seen: Seen) -> str | None:
    """Return what kept the run from finishing, if anything did."""
    inside = f"in {seen.running}" if seen.running else "while the file was imported"
    if seen.unreadable:
        return f"the file cannot be imported: {seen.unreadable}"
    if seen.late:
        return f"still running {inside} when the time was up, and was stopped"
    if seen.never_started:
        return "pytest did not start in time: this machine may be busy. Run the cell again"
    if not seen.finished:
        code = seen.ended.code if seen.ended else None
        how = f"by signal {-code}" if code is not None and code < 0 else f"with exit code {code}"
        return f"the process ended {inside}, {how}, before the tests were done"
    return None


EVERY_TEST_PASSES = Requirement(name="every test runs and passes", unmet=first_not_passed)
ANY_ORDER = Requirement(
    name="the tests pass in reverse order, too", unmet=first_not_passed, run=Run(reverse=True)
)


def holds(name: str, *planted: tuple[str, str, str]) -> Requirement:
    """Every test still passes beside code that is as right, and written in another way."""
    return Requirement(name=name, unmet=first_not_passed, run=Run(planted=planted))


def passes(name: str, run: Run, *tests: str) -> Requirement:
    """Each of *tests*, which *run* adds to the frozen ones, passes."""

    def unmet(seen: Seen) -> str | None:
        for test in tests:
            if seen.outcomes.get(test) != "passed":
                failed = f"{test}: {seen.failures[test]}" if test in seen.failures else None
                return failed or trouble(seen) or f"{test} did not run"
        return None

    return Requirement(name=name, unmet=unmet, run=run)


def _left_running(seen: Seen) -> str | None:
    if seen.lingering:
        return "the process still ran after its last test, as with a thread, and was stopped"
    left = seen.ended.left if seen.ended else 0
    if left:
        return f"{left} process{'es' if left > 1 else ''} still ran after the end, and was stopped"
    return None


NOTHING_LEFT = Requirement(
    name="the process ends after its last test, and leaves no other one running",
    unmet=_left_running,
)


def _thread_left(seen: Seen) -> str | None:
    if not seen.left_threads:
        return None
    return f"the thread {seen.left_threads[0]} still ran after the last test"


def _thread_failed(seen: Seen) -> str | None:
    if not seen.thread_errors:
        return None
    return f"an error ended a thread, and no code caught it: {seen.thread_errors[0]}"


# In the reverse run: loopcheck's own thread is in none but the first.
NO_THREAD_LEFT = Requirement(
    name="no thread is left, not even a daemon", unmet=_thread_left, run=Run(reverse=True)
)
NO_THREAD_FAILED = Requirement(name="no thread ends with an error", unmet=_thread_failed)


def _no_end(file: str, seen: Seen) -> str | None:
    """Return which test went on without end, so that no run would ever report it."""
    if not seen.late:
        return None
    return (
        f"with this change in {file}, {seen.running or 'a test'} was still waiting when the time "
        "was up: a test that never ends says nothing. Give its wait a limit"
    )


def notices(bug: str, file: str, right: str, wrong: str) -> Requirement:
    """At least one test turns red when *right* in *file* becomes *wrong*.

    A skip is not red, and neither is a test that never ends: its run reports nothing.
    """

    def unmet(seen: Seen) -> str | None:
        if "failed" in seen.outcomes.values() or seen.unreadable:
            return _no_end(file, seen)
        if not seen.finished:
            return _no_end(file, seen) or trouble(seen)
        aside = "" if seen.green else ", or was skipped or xfailed"
        return f"with this change in {file}, every test still passed{aside}"

    return Requirement(
        name=f"the tests notice {bug}",
        unmet=unmet,
        run=Run(planted=((file, right, wrong),)),
        catches=True,
    )


def each_notices(bug: str, file: str, right: str, wrong: str) -> Requirement:
    """Every test turns red when *right* in *file* becomes *wrong*, which every test depends on.

    A test that stays green checks nothing: its body could as well be `pass`.
    """

    def unmet(seen: Seen) -> str | None:
        if not seen.finished and not seen.unreadable:
            return _no_end(file, seen) or trouble(seen)
        passed = [test for test, outcome in seen.outcomes.items() if outcome != "failed"]
        if not passed:
            return None
        tests = "every test" if len(passed) == len(seen.outcomes) else passed[0]
        return f"with this change in {file}, {tests} still passed"

    return Requirement(
        name=f"each test notices {bug}",
        unmet=unmet,
        run=Run(planted=((file, right, wrong),)),
        catches=True,
    )


def _hollow(seen: Seen) -> str | None:
    if seen.never_started:
        return trouble(seen)
    green = [test for test, outcome in seen.outcomes.items() if outcome == "passed"]
    hollow = [test for test in green if test not in seen.noticed]
    if not hollow:
        return None
    return (
        f"{hollow[0]} passes beside code whose functions do nothing, and no assertion of it fails "
        "with any of the bugs above: nothing that it asserts depends on what the code does"
    )


EACH_CHECKS = Requirement(name="each test checks something", unmet=_hollow, run=Run(emptied=True))
