"""Answers to the exercise of LC202: the right ones and the wrong turns."""

import re
from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc202_never_awaited import SKELETON

SKELETON_SAYS = (
    "the tests notice a lock that does not turn",
    "with this change in museum.py, every test still passed",
)

MARK = "pytestmark = pytest.mark.asyncio\n"
ALL = "all(museum.is_locked(door) for door in museum.doors)"
changed = partial(in_text, text=SKELETON)

EACH = re.compile(r"(?<!await )museum\.(?=(?:lock|is_locked|is_open|alarm)\()")
AWAITED = EACH.sub("await museum.", changed((ALL, f"all([{ALL[4:-1]}])")))


def locking(instead: str) -> str:
    """Return the right answer, but for the two lines that lock one door."""
    text: str = changed(('await museum.lock("north")', instead), text=AWAITED)
    return text


RIGHT = {
    "an await for each": AWAITED,
    "all doors at once": """
import asyncio
import pytest
import museum as house

@pytest.fixture
def doors():
    return house.Museum("north", "south", "roof")

@pytest.mark.asyncio
class TestNight:
    async def test_all(self, doors):
        await asyncio.gather(*map(doors.lock, doors.doors))
        assert all(await asyncio.gather(*map(doors.is_locked, doors.doors)))
        assert not await doors.alarm()

    async def test_one(self, doors):
        await doors.lock("roof")
        assert await doors.is_open("north") is True

    async def test_alarm(self, doors):
        await doors.lock("roof")
        assert {*await doors.alarm()} == {"north", "south"}
""",
    "one after the other": changed(
        (
            "assert all([await museum.is_locked(door) for door in museum.doors])",
            "for door in museum.doors:\n        assert await museum.is_locked(door)",
        ),
        text=AWAITED,
    ),
    "a task that is awaited": locking(
        'await (one := __import__("asyncio").create_task(museum.lock("north")))'
    ),
    "in sync tests": """
import asyncio
from museum import Museum

def night(*doors):
    async def lock():
        museum = Museum("north", "south")
        for door in doors:
            await museum.lock(door)
        return await museum.alarm(), await museum.is_locked("north")
    return asyncio.run(lock())

def test_both():
    assert night("north", "south") == ([], True)

def test_one():
    assert night("north") == (["south"], True)

def test_none():
    assert night() == (["north", "south"], False)
""",
}

TASK = "__import__('asyncio').create_task("

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the warning ignored": (
        changed(
            (
                MARK,
                "pytestmark = [pytest.mark.asyncio, "
                'pytest.mark.filterwarnings("ignore::RuntimeWarning")]\n',
            )
        ),
        "a lock that does not turn",
        "and it was the only",
    ),
    "the coroutines closed": (
        changed(
            ('museum.lock("north")', 'museum.lock("north").close()'),
            ("museum.lock(door)", "museum.lock(door).close()"),
        ),
        "a lock that does not turn",
        "",
    ),
    "warnings as errors": (
        changed(
            (
                MARK,
                'pytestmark = [pytest.mark.asyncio, pytest.mark.filterwarnings("error")]\n',
            )
        ),
        "every test",
        "turns a test red, which is worth keeping",
    ),
    "asyncio.run": (
        changed(
            ("import pytest\n", "import asyncio\n\nimport pytest\n"),
            ('museum.lock("north")', 'asyncio.run(museum.lock("north"))'),
        ),
        "every test",
        "`asyncio.run` refuses to start another",
    ),
    "an await in all()": (
        changed(
            (
                "all([await museum.is_locked(door) for door in museum.doors])",
                "all(await museum.is_locked(door) for door in museum.doors)",
            ),
            text=AWAITED,
        ),
        "every test",
        "an async generator",
    ),
    "checks as tasks": (
        SKELETON.replace('    assert museum.is_locked("north")', "    one = museum")
        .replace("import pytest\n", "import asyncio\nimport pytest\n", 1)
        .replace("    one = museum", "    asyncio.create_task(check(museum))")
        + "\n\nasync def check(museum):\n    assert await museum.is_locked('north')\n",
        "a lock that does not turn",
        "and its error stays in",
    ),
    "locked by a task": (
        locking(TASK + 'museum.lock("north"))'),
        "every test",
        "",
    ),
    "locked by a task, given a little time": (
        locking(TASK + 'museum.lock("north"))\n    await __import__("asyncio").sleep(0.01)'),
        "a slow museum",
        "into a task starts later",
    ),
    "only what is warned about first": (
        changed(("    museum.lock(", "    await museum.lock(")),
        "a lock that does not turn",
        "The checks are not.",
    ),
    "the alarm left out": (
        changed(("await museum.alarm() != []", "museum.alarm() != []"), text=AWAITED),
        "an alarm that stays silent",
        "",
    ),
    "one that is dropped beside": (
        changed(
            ('assert await museum.is_open("south")', 'museum.is_open("east")\n    ' * 2),
            text=AWAITED,
        ).replace("!= []", '== ["south"]'),
        "every coroutine is run",
        "",
    ),
    "skipped": (
        changed((MARK, "pytestmark = [pytest.mark.asyncio, pytest.mark.skip]\n")),
        "every test",
        "A skipped or xfailed test proves as",
    ),
    "a body that is empty": (
        AWAITED.partition("async def test_the_alarm")[0]
        + "async def test_the_alarm():\n    pass\n",
        "an alarm that stays silent",
        "",
    ),
    "a body that is empty beside one that asks all": (
        AWAITED.replace("async def test_one", "async def test_all")
        + "\n\nasync def test_hollow():\n    pass\n",
        "each test notices a sensor",
        "test of this museum has",
    ),
    "asserts taken out": (
        re.sub(r"assert .*", "pass", AWAITED),
        "a lock that does not turn",
        "",
    ),
}
