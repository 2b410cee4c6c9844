"""The exercise of LC506: a harbour whose tests skip, since the gauge on the pier is far away.

The lesson shows a store. Here the server is a tide gauge, which any test can start. A helper
catches the error and hides that the gauge is missing. Without that helper, each test needs to start
a gauge and stop it again.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
    trouble,
)
from loopcheck.lab.seen import Seen

GAUGE = '''\
"""A tide gauge: it says how deep the water is, in centimetres, to whoever connects."""

import asyncio

running = []


class Gauge:
    level = 210

    async def start(self, port=0):  # 0: a port that is free
        self.server = await asyncio.start_server(self.say, "127.0.0.1", port)
        self.port = self.server.sockets[0].getsockname()[1]
        running.append(self)

    async def say(self, reader, writer):
        writer.write(b"%d\\n" % self.level)
        writer.close()

    async def stop(self):
        self.server.close()
        await self.server.wait_closed()
        running.remove(self)
'''

HARBOUR = '''\
"""A harbour asks its gauge before a boat enters."""

import asyncio


async def can_enter(port, draught):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    level = int(await reader.readline())
    writer.close()
    await writer.wait_closed()
    return draught < level
'''

STOPPED = """\
import gauge
import pytest


@pytest.fixture(scope="session", autouse=True)
def every_gauge_is_stopped():
    yield
    assert not gauge.running, "a gauge still runs after the last test"
"""

SKELETON = """\
import pytest
from harbour import can_enter

PIER = 1  # the port of the gauge on the pier

pytestmark = pytest.mark.asyncio


async def enters(draught):
    try:
        return await can_enter(PIER, draught)
    except OSError:
        pytest.skip("the gauge cannot be reached")


async def test_a_flat_boat_enters():
    assert await enters(120)


async def test_a_deep_boat_waits():
    assert not await enters(300)
"""

LISTENS = 'self.server = await asyncio.start_server(self.say, "127.0.0.1", port)'
HAS_PORT = "self.port = self.server.sockets[0].getsockname()[1]"
IN_USE = "Address already in use"
TAKEN = Run(planted=(("gauge.py", LISTENS, f"assert not port, '{IN_USE}'\n        {LISTENS}"),))
DEAF = Run(planted=(("gauge.py", HAS_PORT, f"{HAS_PORT}\n        self.server.close()"),))

# The first test gets no answer, and its gauge must stop all the same.
NO_ANSWER = """\
if os.environ["PYTEST_CURRENT_TEST"].endswith("(call)"):
        answers.append(level)
        assert answers[1:], "no answer"
    return draught < level"""
FIRST_FAILS = Run(
    planted=(
        ("harbour.py", "import asyncio\n", "import asyncio\nimport os\n\nanswers = []\n"),
        ("harbour.py", "return draught < level", NO_ANSWER),
    )
)
STILL_RUNS = "still runs"


def _left_by_a_failure(seen: Seen) -> str | None:
    return "a test failed, and its gauge still ran" if seen.failed_with(STILL_RUNS) else None


def _hidden(seen: Seen) -> str | None:
    """Return the complaint if nothing listened and no test failed."""
    if "failed" in seen.outcomes.values():
        return None
    skipped = "skipped" in seen.outcomes.values()
    how = "a test was skipped" if skipped else "no test turned red"
    return trouble(seen) or f"nothing listened at the gauge's port, and {how}"


def _deaf(seen: Seen) -> bool:
    return any("server.close()" in bug for bug in seen.bugs)


WRONG_TURNS = (
    WrongTurn(
        name="the skip stays",
        did=lambda seen: _deaf(seen) and "skipped" in seen.outcomes.values(),
        answer="The tests have their own gauge now. So there is nothing to wait for, and no good "
        "reason to skip: the skip can only hide that the gauge doesn't listen.",
    ),
    WrongTurn(
        name="an answer made up",
        did=lambda seen: _deaf(seen) and seen.green,
        answer="Nothing listened, and the tests got an answer all the same: from a mock, or from "
        "an `except`. A real gauge costs one line, so use the real one.",
    ),
    WrongTurn(
        name="a port of one's own",
        did=lambda seen: any(IN_USE in words for words in seen.failures.values()),
        answer="On that machine another process already uses the port in your file: a second run "
        "of the same tests is enough. Without a number the gauge takes a free port, and tells you "
        "which: `gauge.port`.",
    ),
    WrongTurn(
        name="left running",
        did=lambda seen: seen.failed_with(STILL_RUNS),
        answer="The gauge that you started still runs at the end. Stop it in the fixture, after "
        "its `yield`: that also runs when the test fails.",
    ),
)

EXERCISE = Exercise(
    stem="lc506_server_unreachable",
    kind="delete the cure",
    task="Make every test run and pass, on a free port. The tests must stop each gauge again, "
    "and if a gauge does not listen a test must turn red.",
    edits="test_harbour.py",
    skeleton=SKELETON,
    frozen={"harbour.py": HARBOUR, "gauge.py": GAUGE, "conftest.py": STOPPED},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="any free port will do", unmet=first_not_passed, run=TAKEN),
        Requirement(
            name="the tests notice a gauge that does not listen",
            unmet=_hidden,
            run=DEAF,
            catches=True,
        ),
        Requirement(
            name="a test that fails stops its gauge", unmet=_left_by_a_failure, run=FIRST_FAILS
        ),
        notices("a boat that is too deep", "harbour.py", "return draught < level", "return True"),
        notices("a boat kept outside", "harbour.py", "return draught < level", "return False"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What do the tests do when nothing listens at the port, and what code could start a gauge?",
        "`except OSError` turns a missing gauge into a skip, so the tests never ran. `gauge.py` "
        "has all that they need to start their own.",
        "Remove `enters`, and start the gauge in a fixture: `@pytest_asyncio.fixture`, `async def "
        "port(): gauge = Gauge(); await gauge.start(); …; await gauge.stop()`. A test is then "
        "`async def test_…(port): assert await can_enter(port, 120)`.",
    ),
    learned="You can start a server in a fixture, and tell a green run from a run that tested "
    "something.",
)
