"""Answers to the exercise of LC411: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc411_frozen_clock import SKELETON

SKELETON_SAYS = ("every test runs and passes", "still running")
changed = partial(in_text, text=SKELETON)

STOPS = 'monkeypatch.setattr(time, "monotonic", clock)'
AHEAD = """\
real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + clock.now)"""
NO_SLEEP = """\
async def at_once(seconds):
        pass
    monkeypatch.setattr("asyncio.sleep", at_once)
    """
COMES = """\
    clock.now += 3599
    assert await room.fetch(ticket) == "blue coat"
"""

RIGHT = {
    "a clock that moves on": changed((STOPS, AHEAD), ("3599", "3590")),
    "a mock of the name": changed(
        ("import time\n", "from unittest.mock import Mock\n"),
        (STOPS, 'monkeypatch.setattr("cloakroom.time", Mock(monotonic=clock))'),
    ),
    "an older ticket": changed(
        (f"    {STOPS}\n", ""),
        ("clock.now += 3599", "ticket.given_at -= 3590"),
        ("clock.now += 3600", "ticket.given_at -= 3600"),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a limit around the wait": (
        changed(
            ("import time\n", "import asyncio\nimport time\n"),
            (
                '    ticket = await room.hang_up("blue coat")\n',
                "    async with asyncio.timeout(0.5):\n"
                '        ticket = await room.hang_up("blue coat")\n',
            ),
        ),
        "every test",
        "",
    ),
    "no clock at all": (changed((f"    {STOPS}\n", "")), "every test", "the hour never passes"),
    "a name that the cloakroom does not have": (
        changed((STOPS, 'monkeypatch.setattr("cloakroom.monotonic", clock)')),
        "every test",
        "the only name that it has",
    ),
    "a name that nobody reads": (
        changed((STOPS, 'monkeypatch.setattr("cloakroom.monotonic", clock, raising=False)')),
        "every test",
        "the hour never passes",
    ),
    "the sleep mocked, too": (
        changed((STOPS, NO_SLEEP + STOPS)),
        "a limit in the cloakroom",
        "still stands",
    ),
    "only the wall clock": (
        changed((STOPS, 'monkeypatch.setattr(time, "time", clock)')),
        "every test",
        "the hour never passes",
    ),
    "the clock moved before each wait": (
        changed((COMES, f"    clock.now += 1\n{COMES}")),
        "every test",
        "",
    ),
    "skipped": (
        changed(("@pytest.mark.asyncio\n", "@pytest.mark.skip\n")),
        "every test",
        "fetches no coat",
    ),
}
