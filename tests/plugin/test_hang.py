"""`--loopcheck-hang`: the test that hangs is ended alone, whatever it catches; all others run."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_plugin import PLUGINS, Project

HEAD = """
import asyncio
import pytest

pytestmark = pytest.mark.asyncio
"""
HANGS = """
async def test_hangs():
    await asyncio.Event().wait()
"""
NEXT = """
async def test_next():
    await asyncio.sleep(0)
"""
CATCHES_ALL = """
async def work(inbox):
    while True:
        try:
            await inbox.get()
        except BaseException:
            continue
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def outcomes(project: Project) -> dict[str, str]:
    """Return what became of each test, by its last part."""
    cases = ElementTree.parse(project.root / "out.xml").iter("testcase")
    found: dict[str, str] = {}
    for case in cases:
        kinds = [part.tag for part in case if part.tag in ("failure", "error")]
        name = str(case.get("name"))
        found[name] = " ".join(kinds or ["passed"])
    return found


def limited(
    project: Project, text: str, *options: str, plugins: tuple[str, ...] = PLUGINS
) -> "subprocess.CompletedProcess[str]":
    project.write("test_it.py", HEAD + text)
    limit = () if any("hang" in one for one in options) else ("--loopcheck-hang=0.4",)
    return project.run(
        *limit, "--junitxml=out.xml", "--loopcheck-json=report.json", *options, plugins=plugins
    )


def ended(project: Project, text: str) -> dict[str, str]:
    limited(project, text)
    return outcomes(project)


# Each look at these tasks takes longer than a loop has to answer: it needs half a second for 300.
MANY = """
async def order(empty):
    await asyncio.gather(*(empty.wait() for _ in range(20)))

async def test_hangs():
    empty = asyncio.Event()
    await asyncio.gather(*(order(empty) for _ in range(40)))
"""


def test_a_test_with_many_tasks_that_hangs_is_ended(project: Project) -> None:
    ran = limited(project, MANY + NEXT)
    assert outcomes(project) == {"test_hangs": "failure", "test_next": "passed"}
    assert "`order` waits at test_it.py:8" in ran.stdout
    assert "for the event `empty`, which nothing will set" in " ".join(ran.stdout.split())


def test_only_the_test_that_hangs_fails(project: Project) -> None:
    ran = limited(project, HANGS + NEXT)
    assert outcomes(project) == {"test_hangs": "failure", "test_next": "passed"}
    assert "Ended by --loopcheck-hang=0.4: `test_hangs` at test_it.py:8 waits for" in ran.stdout
    [found] = project.report()["findings"]
    assert (found["code"], found["where"]["line"]) == ("LC203", 8)


AWAITS_A_WORKER = """
async def print_labels(labels):
    while True:
        label = await labels.get()
        labels.task_done()

async def test_awaits_a_worker():
    labels = asyncio.Queue()
    printer = asyncio.create_task(print_labels(labels))
    labels.put_nowait("fragile")
    await labels.join()
    await printer
"""


def test_a_worker_without_an_end_is_not_said_to_wait_for_its_next_item(project: Project) -> None:
    limited(project, AWAITS_A_WORKER)
    [found] = project.report()["findings"]
    assert (found["code"], found["certainty"], found["where"]["line"]) == ("LC203", "certain", 14)
    assert found["what"] == (
        "`test_awaits_a_worker` waits at test_it.py:17 for the end of `print_labels`, which loops"
        " at test_it.py:8 and never ends."
    )


def test_the_ini_asks_for_it_too(project: Project) -> None:
    project.write("pytest.ini", "[pytest]\nloopcheck_hang = 0.4\n")
    project.write("test_it.py", HEAD + HANGS)
    assert "LC203 hang" in project.run().stdout


def test_workers_end_their_own(project: Project) -> None:
    limited(project, HANGS + NEXT, "-n", "2", plugins=(*PLUGINS, "-p", "xdist.plugin"))
    assert outcomes(project) == {"test_hangs": "failure", "test_next": "passed"}
    assert [found["code"] for found in project.report()["findings"]] == ["LC203"]


@pytest.mark.parametrize("said", ["-1", "0", "nan", "inf", "soon", ""])
@pytest.mark.parametrize("by", ["option", "ini"])
def test_a_limit_that_is_none_ends_the_run_before_it_begins(
    project: Project, said: str, by: str
) -> None:
    if by == "ini" and not said:
        return  # an empty setting asks for nothing
    project.write("test_it.py", HEAD + NEXT)
    if by == "ini":
        project.write("pytest.ini", f"[pytest]\nloopcheck_hang = {said}\n")
    ran = project.run(*([f"--loopcheck-hang={said}"] if by == "option" else []))
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR
    [line] = [line for line in ran.stderr.splitlines() if "hang" in line]
    assert "number of seconds" in line
    assert "Traceback" not in ran.stdout + ran.stderr
    assert "passed" not in ran.stdout


# Where a timeout that only raises an error in the main thread goes wrong.


def test_what_goes_round_and_catches_all_does_not_pass(project: Project) -> None:
    spins = """
async def test_spins():
    for _ in range(3):
        try:
            while True:
                pass
        except BaseException:
            pass
"""
    assert ended(project, spins + NEXT) == {
        "test_spins": "failure",
        "test_next": "passed",
    }


def test_what_goes_round_without_a_call_is_ended_where_its_code_has_no_line(
    project: Project,
) -> None:
    text = """
from itertools import repeat

async def test_goes_round():
    seen = 0
    for one in repeat(None):
        if one is not None:
            seen += 1
"""
    ran = limited(project, text + NEXT)
    assert "INTERNALERROR" not in ran.stdout
    assert outcomes(project) == {"test_goes_round": "failure", "test_next": "passed"}
    assert "test_it.py:13: Failed" in ran.stdout or "test_it.py:12: Failed" in ran.stdout


def test_a_test_that_catches_its_end_and_returns_does_not_pass(project: Project) -> None:
    text = """
async def test_returns():
    try:
        await asyncio.Event().wait()
    except BaseException:
        return
"""
    assert ended(project, text + NEXT) == {
        "test_returns": "failure",
        "test_next": "passed",
    }


def test_a_worker_that_catches_every_cancel_hangs_no_teardown(project: Project) -> None:
    text = (
        CATCHES_ALL
        + """
async def test_stops():
    task = asyncio.create_task(work(asyncio.Queue()))
    await asyncio.sleep(0)
    task.cancel()
    await task
"""
    )
    limited(project, text + NEXT)
    assert outcomes(project) == {"test_stops": "failure", "test_next": "passed"}
    assert project.report()["findings"][0]["code"] == "LC207"


def test_a_worker_that_is_left_behind_hangs_no_teardown(project: Project) -> None:
    text = (
        CATCHES_ALL
        + """
left = []  # who collects it before the loop ends it goes round in its `except` for ever

async def test_leaves():
    left.append(asyncio.create_task(work(asyncio.Queue())))
    await asyncio.sleep(0)
"""
    )
    limited(project, text + NEXT)
    assert outcomes(project) == {"test_leaves": "error", "test_next": "passed"}


def test_a_fixture_that_hangs_at_its_end_leaves_its_loop_closed(project: Project) -> None:
    """Its end is a cancellation, and pytest leaves a teardown at once for what is no Exception."""
    stays = """
import pytest_asyncio

LOOPS = []

@pytest_asyncio.fixture
async def inbox():
    inbox = asyncio.Queue()
    task = asyncio.create_task(work(inbox))
    yield inbox
    task.cancel()
    await asyncio.wait([task])

async def test_uses_it(inbox):
    LOOPS.append(asyncio.get_running_loop())
    await asyncio.sleep(0)

async def test_has_a_loop_of_its_own():
    assert LOOPS[0].is_closed()
"""
    ran = limited(project, CATCHES_ALL + stays)
    assert ran.returncode == 1
    assert outcomes(project) == {
        "test_uses_it": "error",
        "test_has_a_loop_of_its_own": "passed",
    }


def test_a_fixture_that_hangs_in_its_set_up_is_set_up_anew_for_the_next_test(
    project: Project,
) -> None:
    """A cancellation passes by where pytest notes a fixture's failure, and so its end, too."""
    once = """
import pytest_asyncio

SET_UP, CLOSED = [], []

@pytest_asyncio.fixture
async def inbox():
    SET_UP.append(1)
    try:
        if len(SET_UP) == 1:
            await asyncio.Event().wait()
        yield
    finally:
        CLOSED.append(1)

async def test_waits(inbox):
    pass

async def test_has_its_own(inbox):
    assert len(SET_UP) == 2

async def test_both_were_closed():
    assert len(CLOSED) == 2
"""
    limited(project, once)
    assert outcomes(project) == {
        "test_waits": "error",
        "test_has_its_own": "passed",
        "test_both_were_closed": "passed",
    }


def test_a_wide_fixture_that_hangs_is_not_set_up_again(project: Project) -> None:
    """As one that fails: those that ask for it meet the first failure, and wait no second time."""
    wide = """
import pytest_asyncio

SET_UP = []

@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inbox():
    SET_UP.append(1)
    await asyncio.Event().wait()

async def test_waits(inbox):
    pass

async def test_asks_too(inbox):
    pass

async def test_it_was_set_up_once():
    assert len(SET_UP) == 1
"""
    limited(project, wide)
    assert outcomes(project) == {
        "test_waits": "error",
        "test_asks_too": "error",
        "test_it_was_set_up_once": "passed",
    }


def test_one_that_cleans_up_slowly_gets_the_time_for_it(project: Project) -> None:
    text = """
done = []

async def test_cleans_up():
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0.8)
        done.append(True)

async def test_it_did():
    assert done
"""
    assert ended(project, text) == {
        "test_cleans_up": "failure",
        "test_it_did": "passed",
    }


def test_only_what_is_stuck_in_c_ends_the_run_and_the_report_is_whole(project: Project) -> None:
    text = """
async def test_counts():
    import hashlib
    hashlib.pbkdf2_hmac("sha256", b"x", b"y", 2**31 - 1)
"""
    ran = limited(project, NEXT + text + HANGS, "--loopcheck-hang=0.2")
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    assert outcomes(project) == {"test_next": "passed", "test_counts": "failure"}
    assert "the loop is held up at test_it.py:12 in `hashlib.pbkdf2_hmac`" in ran.stdout
    assert "The run ends here" in ran.stdout
    assert "1 failed, 1 passed" in ran.stdout
    assert project.report()["failed"] == 1
    [found] = project.report()["findings"]
    assert (found["code"], found["where"]["line"]) == ("LC107", 12)


READS_SLOWLY = """
import threading
from loopcheck.process.waiting import waits
from loopcheck.watch.hang import hang_clock, hang_endings

hang_clock.ANSWER = hang_endings.ANSWER = 0.05
asked, read, call_on = threading.Event(), waits.read, hang_endings.call_on


def slowly(*given):
    asked.clear()
    hang_endings.call_on = lambda *given: asked.set() or call_on(*given)
    asked.wait(0.6)  # longer than a loop has to answer; or until it is asked for something else
    hang_endings.call_on = call_on
    return read(*given)


waits.read = slowly
"""


def test_the_words_are_waited_for_on_a_busy_machine(project: Project) -> None:
    project.write("conftest.py", READS_SLOWLY)
    ran = limited(project, HANGS + NEXT)
    assert outcomes(project) == {"test_hangs": "failure", "test_next": "passed"}
    assert "LC203 hang" in ran.stdout


def test_nothing_is_watched_without_the_option(project: Project) -> None:
    text = """
async def test_threads():
    import signal, threading
    assert not [one for one in threading.enumerate() if "loopcheck" in one.name]
    assert signal.getsignal(signal.SIGURG) is signal.SIG_DFL
"""
    project.write("test_it.py", HEAD + text)
    project.run("--loopcheck", "--junitxml=out.xml")
    assert outcomes(project) == {"test_threads": "passed"}


def test_the_process_is_left_as_it_was(project: Project) -> None:
    project.write("test_it.py", HEAD + NEXT)
    code = (
        "import pytest, signal, threading\n"
        f"pytest.main({[*PLUGINS, '-q', '--loopcheck-hang=1']!r})\n"
        "assert signal.getsignal(signal.SIGURG) is signal.SIG_DFL\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.root,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_a_loop_that_nothing_wakes_any_more_ends_the_run(project: Project) -> None:
    """Who closes file numbers that are not theirs may meet the pipe that wakes the loop."""
    text = """
async def test_closes():
    asyncio.get_running_loop()._ssock.close()
    await asyncio.Event().wait()
"""
    project.cold = True  # its end is `os._exit`
    ran = limited(project, NEXT + text, "--loopcheck-hang=0.2")
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    assert outcomes(project) == {"test_next": "passed", "test_closes": "failure"}


LOOKS_IN_VAIN = """
from loopcheck.process.waiting import waits
from loopcheck.watch.hang import held_turn

def broken(*given):
    raise ValueError("ours")

held_turn.while_loops.round_of = held_turn.samples = waits.cycle = broken
"""


@pytest.mark.parametrize("body", ["while True: pass", "await asyncio.Event().wait()"])
def test_a_test_that_our_look_breaks_at_is_ended_all_the_same(project: Project, body: str) -> None:
    project.write("conftest.py", LOOKS_IN_VAIN)
    text = f"\nasync def test_odd():\n    {body}\n"
    ran = limited(project, NEXT + text, "--loopcheck-hang=0.2")
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    assert outcomes(project) == {"test_next": "passed", "test_odd": "failure"}


def test_a_test_that_breaks_every_look_is_ended_all_the_same(project: Project) -> None:
    text = """
async def test_breaks():
    import builtins

    def broken(*given):
        raise ValueError("mine")

    await asyncio.sleep(0.3)
    builtins.isinstance = broken
    await asyncio.Event().wait()
"""
    project.cold = True  # pytest itself can't go on
    assert limited(project, text, "--loopcheck-hang=0.2").returncode


FROZEN = """
@pytest.fixture
def frozen(monkeypatch):
    # As freezegun does: the loop asks the same clock.
    import time

    monkeypatch.setattr(time, "monotonic", lambda now=time.monotonic(): now)

async def test_sleeps(frozen):
    await asyncio.sleep(0.1)
"""
KEEPS_THE_TIME = """
import time

async def test_polls():
    done, began = [], time.monotonic()
    while not done:
        waited = time.monotonic() - began
        await asyncio.sleep(0.01)
"""
NEVER_SUSPENDS = """
import itertools

async def ready(number):
    return number

async def count():
    for number in itertools.count():
        await ready(number)

async def test_counts():
    await asyncio.wait_for(count(), 0.1)
"""


def test_a_timer_of_the_test_is_waited_for_beside_a_thread_at_work(project: Project) -> None:
    text = """
import threading, time

async def test_sleeps():
    over = threading.Event()
    at_work = asyncio.create_task(asyncio.to_thread(over.wait, 20))
    await asyncio.sleep(3)
    over.set()
    await at_work
"""
    assert ended(project, text)["test_sleeps"] == "passed"


@pytest.mark.parametrize("pause", [0.02, 0.3])  # seconds; looks are a tenth apart
def test_a_clock_that_the_test_moves_by_hand_may_bring_its_timer(
    project: Project, pause: float
) -> None:
    text = """
async def test_sleeps(monkeypatch):
    import time

    now, real = [time.monotonic()], time.monotonic
    ends = real() + 2.5

    async def tick():
        while real() < ends:
            await asyncio.to_thread(time.sleep, PAUSE)
            now[0] += 0.0001
        now[0] += 1

    ticks = asyncio.create_task(tick())
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    await asyncio.sleep(0.2)
    monkeypatch.undo()
    await ticks
"""
    assert ended(project, text.replace("PAUSE", str(pause)))["test_sleeps"] == "passed"


@pytest.mark.parametrize(
    ("text", "code"), [(FROZEN, "LC411"), (KEEPS_THE_TIME, "LC204"), (NEVER_SUSPENDS, "LC204")]
)
def test_no_clock_and_no_turn_keeps_a_hang_from_its_end(
    project: Project, text: str, code: str
) -> None:
    limited(project, text + NEXT, "--loopcheck-hang=1")
    became = outcomes(project)
    assert became.pop("test_next") == "passed"
    assert [*became.values()] == ["failure"]
    assert [one["code"] for one in project.report()["findings"]] == [code]
