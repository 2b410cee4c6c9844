"""Answers to the exercise of LC102: the right ones, the wrong turns, and the hostile ones."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc102_loop_mismatch import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_a_group_gets_a_seat_each: RuntimeError: <asyncio.locks.Lock object at 0x… [locked]> "
    "is bound to a different event loop",
)

MODULE = '@pytest.mark.asyncio(loop_scope="module")'
PLAIN = "@pytest.mark.asyncio\n"
FIRST = "import asyncio\n"
FIXTURE = '@pytest.fixture(scope="module")'
changed = partial(in_text, text=SKELETON)


def begun(*lines: str, text: str = SKELETON) -> str:
    """Return the skeleton with *lines* at its beginning."""
    return "\n".join([*lines, text])


BARE = changed((MODULE + "\n", ""), (PLAIN, ""))
GATHERED = "seats = await asyncio.gather(*(office.sell() for _ in range(4)))"

RIGHT = {
    "an office for each test": changed((FIXTURE, "@pytest.fixture")),
    "the second mark too": changed((PLAIN, MODULE + "\n")),
    "one mark for the module": changed(
        (FIXTURE, f'pytestmark = pytest.mark.asyncio(loop_scope="module")\n\n\n{FIXTURE}'),
        text=BARE,
    ),
    "the session's loop for all": """
import asyncio
import pytest
import pytest_asyncio
import box_office

pytestmark = [pytest.mark.asyncio(loop_scope="session")]

@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opera():
    yield box_office.BoxOffice(12)

async def test_pair(opera):
    async with asyncio.TaskGroup() as group:
        one, two = group.create_task(opera.sell()), group.create_task(opera.sell())
    assert one.result() != two.result()

async def test_family(opera):
    assert len({*await asyncio.gather(*map(lambda _: opera.sell(), "abc"))}) == 3

async def test_return(opera):
    await opera.give_back(await opera.sell())
    await opera.give_back(seat := await opera.sell())
    assert seat == await opera.sell()
""",
    "offices made in the tests, in a class": """
import asyncio
import pytest
from box_office import BoxOffice

@pytest.mark.asyncio
class TestCounter:
    async def test_pair(self):
        office = BoxOffice(2)
        assert {*await asyncio.gather(office.sell(), office.sell())} == {1, 2}

    async def test_three(self):
        office = BoxOffice(3)
        assert len({*await asyncio.gather(*(office.sell() for _ in range(3)))}) == 3

    async def test_back(self):
        office = BoxOffice(1)
        await office.give_back(await office.sell())
        assert await office.sell() == 1
""",
}

EVENT_LOOP = """
import asyncio
import pytest

@pytest.fixture(scope="session")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()
"""
POLICY_FIXTURE = """
import asyncio
import pytest

@pytest.fixture(scope="module")
def event_loop_policy():
    return asyncio.DefaultEventLoopPolicy()
"""
SWALLOWED = changed(
    (GATHERED, f"try:\n        {GATHERED}\n    except RuntimeError:\n        return")
)
SET_POLICY = "asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())"
ONE_BY_ONE = changed(
    (GATHERED, "seats = [await office.sell() for _ in range(4)]"),
    (
        "await asyncio.gather(office.sell(), office.sell())",
        "await office.sell(), await office.sell()",
    ),
)

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "event_loop fixture": (begun(EVENT_LOOP), "every test", "ignore your `event_loop` fixture"),
    "policy": (begun("import asyncio", SET_POLICY), "every test", "loop policy decides which kind"),
    "policy fixture": (begun(POLICY_FIXTURE), "every test", "loop policy decides which kind"),
    "nest_asyncio": (
        begun("import nest_asyncio", "nest_asyncio.apply()"),
        "every test",
        "It doesn't turn two loops into one",
    ),
    "caught": (SWALLOWED, "no lock", "so the test is green"),
    "caught by pytest.raises": (
        changed((GATHERED, f"with pytest.raises(RuntimeError):\n        {GATHERED}\n    return")),
        "no lock",
        "so the test is green",
    ),
    "lock carried over": (
        changed((GATHERED, f"office.counter._loop = None\n    {GATHERED}")),
        "no lock",
        "the lock forget its loop",
    ),
    "one buyer after the other": (ONE_BY_ONE, "a busy day", "when somebody has to wait"),
    "only the failing test does not wait": (
        changed((GATHERED, "seats = [await office.sell() for _ in range(4)]")),
        "a busy day",
        "is green only while it",
    ),
    "the session's loop for one": (
        changed((PLAIN, '@pytest.mark.asyncio(loop_scope="session")\n')),
        "every test",
        "",
    ),
    "skipped": (
        changed((PLAIN, f"{PLAIN}@pytest.mark.skip\n")),
        "every test",
        "A skipped or xfailed test hides the",
    ),
    "expected to fail": (
        changed((PLAIN, f"{PLAIN}@pytest.mark.xfail\n")),
        "every test",
        "A skipped or xfailed test hides the",
    ),
    "test taken out": (
        changed(("async def test_a_group", "async def a_group")),
        "all three",
        "",
    ),
    "asserts taken out": (
        changed(
            (FIXTURE, "@pytest.fixture"), ("assert len(set(seats)) == 4", "assert seats")
        ).replace("assert first != second", "assert first"),
        "a seat that is sold twice",
        "",
    ),
    "right only in this order": (
        changed((PLAIN, f"{PLAIN[:-1]}\n"), (FIXTURE, "count = 0\n\n\n@pytest.fixture"))
        .replace("    first, second", "    globals().update(count=1)\n    first, second")
        .replace("    seats =", "    assert count\n    seats ="),
        "reverse order",
        "",
    ),
}

# answer → words of what was seen
HOSTILE = {
    "endless loop on import": (
        begun("while True: pass"),
        "still running while the file was imported",
    ),
    "endless loop in a test": (
        changed((GATHERED, f"while True: pass\n    {GATHERED}")),
        "still running in test_a_group_gets_a_seat_each",
    ),
    "a test that waits for ever": (
        changed((GATHERED, f"await asyncio.Event().wait()\n    {GATHERED}")),
        "still running in test_a_group_gets_a_seat_each",
    ),
    "a thread that stays": (
        begun(
            "import threading, time",
            "threading.Thread(target=time.sleep, args=(600,)).start()",
            text=RIGHT["an office for each test"],
        ),
        "the process still ran after its last test",
    ),
    "a blocked test": (
        changed((GATHERED, f"__import__('time').sleep(600)\n    {GATHERED}")),
        "still running in test_a_group_gets_a_seat_each",
    ),
    "no Python": ("x = (", "line 1 below %%exercise, `x = (`: '(' was never closed"),
    "a null byte": ("x = 1\0", "null bytes"),
    "sys.exit on import": (begun("import sys", "sys.exit()"), "it calls sys.exit()"),
    "sys.exit in a test": (changed((GATHERED, "import sys; sys.exit(0)")), "SystemExit"),
    "os._exit in a test": (
        changed((GATHERED, "import os; os._exit(0)")),
        "ended in test_a_group_gets_a_seat_each, with exit code 0",
    ),
    "os._exit on import": (begun("import os; os._exit(0)"), "ended while the file was imported"),
    "killed": (
        changed((GATHERED, "import os; os.kill(os.getpid(), 9)")),
        "by signal 9",
    ),
    "a fork that stays": (
        begun(
            "import os, time",
            "if os.fork() == 0:",
            "    os.setsid()",
            "    time.sleep(600)",
            text=RIGHT["an office for each test"],
        ),
        "1 process still ran",
    ),
    "huge output": (
        begun("while True: print('x' * 100_000)"),
        "still running while the file was imported",
    ),
    "no such import": (begun("import seats"), "No module named 'seats'"),
}
