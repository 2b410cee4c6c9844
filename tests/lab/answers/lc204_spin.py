"""Answers to the exercise of LC204: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc204_spin import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "still running in test_the_tram_goes_when_the_light_is_green when the time was up",
)

LOOP = "    while not light.is_green:\n        pass\n"
WAIT = "    await light.went_green.wait()\n"
PROOF = """

async def test_a_short_green():
    light, log = Light(), []
    tram = asyncio.create_task(drive(light, log))
    await asyncio.sleep(0)
    light.green()
    light.red()
    async with asyncio.timeout(0.3):
        await tram
"""


def driven(how: str, proof: str = PROOF) -> str:
    """Return the skeleton with another way to wait for the light, and a proof."""
    assert LOOP in SKELETON
    return SKELETON.replace(LOOP, how) + proof


RIGHT = {
    "the second diff and a test": driven(WAIT),
    "the proof with wait_for": driven(
        WAIT,
        """

async def test_blink():
    light, log = Light(), []
    tram = asyncio.ensure_future(drive(light, log))
    await asyncio.sleep(0.02)
    light.green(), light.red()
    await asyncio.wait_for(tram, 0.3)
    assert log
""",
    ),
    "a few turns are enough": driven(
        WAIT,
        """

async def test_blink():
    light, log = Light(), []
    async with asyncio.TaskGroup() as group:
        tram = group.create_task(drive(light, log))
        await asyncio.sleep(0)
        light.green()
        light.red()
        for _ in range(5):
            await asyncio.sleep(0)
        gone = list(log)
        light.green()
    assert gone == ["tram"]
""",
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the first diff, no proof": (
        driven("    while not light.is_green:\n        await asyncio.sleep(0)\n", ""),
        "a short green",
        "The tram yields now",
    ),
    "the first diff, a longer pause": (
        driven("    while not light.is_green:\n        await asyncio.sleep(0.05)\n", ""),
        "a short green",
        "The tram yields now",
    ),
    "the first diff and the proof": (
        driven("    while not light.is_green:\n        await asyncio.sleep(0)\n"),
        "every test",
        "Your test is the proof",
    ),
    "a limit around the round": (
        driven(
            "    async with asyncio.timeout(0.2):\n"
            "        while not light.is_green:\n"
            "            pass\n"
        ),
        "every test",
        "",
    ),
    "an await of what is ready": (
        driven(
            "    async def colour():\n"
            "        return light.is_green\n"
            "    while not await colour():\n"
            "        pass\n"
        ),
        "every test",
        "",
    ),
    "the second diff, no proof": (
        driven(WAIT, ""),
        "a tram that merely asks",
        "red again before the tram is gone",
    ),
    "a light that is given time": (
        driven(WAIT, PROOF.replace("    light.red()\n", "    await tram\n    light.red()\n")),
        "a tram that merely asks",
        "",
    ),
    "a proof that cannot fail": (
        driven(WAIT, PROOF.replace("    light.red()\n", "")),
        "a tram that merely asks",
        "red again before the tram is gone",
    ),
}
