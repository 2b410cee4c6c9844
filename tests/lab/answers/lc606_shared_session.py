"""Answers to the exercise of LC606: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc606_shared_session import SKELETON

SKELETON_SAYS = (
    "the tests notice a lease that is not written",
    "every test still passed",
)

ADA = '== {"Ada": "yours"}\n'
ASKED = ADA + '    assert await holder(sessions, 1) == "Ada"\n'
BOTH = """

async def test_both(sessions):
    await lease_all(sessions, {"Ada": 1, "Ben": 2})
"""


def changed(*pairs: tuple[str, str], more: str = "") -> str:
    """Return the skeleton with changes, and with more below."""
    text: str = in_text(*pairs, text=SKELETON)
    return text + more


RIGHT = {
    "both at once, then the database": changed(
        more=BOTH + '    assert await holder(sessions, 1) == "Ada"\n'
    ),
    "in the tests that are there": changed(
        ('{"Ada": 1}', '{"Ben": 2, "Ada": 3}'),
        (
            ADA,
            '== {"Ben": "taken", "Ada": "yours"}\n    assert await holder(sessions, 3) == "Ada"\n',
        ),
    ),
    "all plots, with the engine's own words": """
import asyncio
import pytest
from sqlalchemy import text
import allotment

@pytest.mark.asyncio
async def test_everybody(sessions):
    wishes = {"Ada": 1, "Ben": 2, "Cid": 3}
    heard = await asyncio.create_task(allotment.lease_all(sessions, wishes))
    assert list(heard.values()) == ["yours", "taken", "yours"]
    async with sessions() as session:
        rows = await session.execute(text("select name from plots order by number"))
    assert rows.scalars().all() == ["Ada", "Eve", "Cid"]

@pytest.mark.asyncio
async def test_two_for_one_plot(sessions):
    heard = await allotment.lease_all(sessions, {"Ada": 3, "Ben": 3})
    assert sorted(heard.values()) == ["taken", "yours"]
    assert heard[await allotment.holder(sessions, 3)] == "yours"
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the answers of both": (
        changed(more=BOTH.replace("await lease", "assert await lease", 1)),
        "not written",
        "They believe the answer",
    ),
    "the database, one at a time": (changed((ADA, ASKED)), "one session", "be refused in the same"),
    "who holds the plot of the one who was refused": (
        changed((ADA, ASKED), more=BOTH + '    assert await holder(sessions, 2) == "Eve"\n'),
        "one session",
        "holder of the leased plot",
    ),
    "the database, two who both get one": (
        changed((ADA, ASKED), more=BOTH.replace('"Ben": 2', '"Ben": 3')),
        "one session",
        "be refused in the same",
    ),
    "asked before": (
        changed(
            more=BOTH.replace(
                "    await", '    assert await holder(sessions, 1) == "Ada"\n    await', 1
            )
        ),
        "every test",
        "each test starts with a new database",
    ),
    "skipped": (
        changed(("async def test_ada", "@pytest.mark.skip\nasync def test_ada")),
        "every test",
        "A skipped or xfailed test",
    ),
    "nobody is refused": (
        changed(
            ('== {"Ben": "taken"}', "!= {}"), more=BOTH + "    assert await holder(sessions, 1)\n"
        ),
        "leased twice",
        "",
    ),
}
