"""Answers to the exercise of LC213: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc213_wrong_timeout import SKELETON

SKELETON_SAYS = (
    "the tests notice a no-show that is reported as a long tour",
    "every test still passed",
)

EITHER = "pytest.raises((NoShow, TourTooLong))"
LONG = """

async def test_the_tour_is_too_long(monkeypatch):
    monkeypatch.setattr("tour.TOUR", 0.01)
    with pytest.raises(TourTooLong):
        await tour(ann, nobody)
"""


def changed(*pairs: tuple[str, str], more: str = LONG) -> str:
    """Return the skeleton with changes, each of which must find its place, and another test."""
    text: str = in_text(*pairs, text=SKELETON)
    return text + more


RIGHT = {
    "a longer stop": changed(
        (EITHER, 'pytest.raises(NoShow, match="stop 2")'),
        more=LONG.replace('"tour.TOUR", 0.01', '"tour.STOP", 60'),
    ),
    "without pytest.raises": changed(
        (
            f"    with {EITHER}:\n        await tour(ann, nobody)\n",
            "    try:\n        await tour(ann, nobody)\n    except NoShow as error:\n"
            '        assert str(error) == "stop 2"\n    else:\n        pytest.fail("all came")\n',
        ),
    ),
    "the class is read": changed(
        (
            f"    with {EITHER}:\n        await tour(ann, nobody)\n",
            "    with pytest.raises(Exception) as seen:\n        await tour(ann, nobody)\n"
            "    assert seen.type is NoShow\n",
        ),
    ),
    "twenty stops that take long": changed(
        (EITHER, "pytest.raises(NoShow)"),
        more="""

async def late():
    await asyncio.sleep(0.03)


async def test_twenty_are_late(monkeypatch):
    monkeypatch.setattr("tour.STOP", 60)
    ends = await asyncio.gather(tour(*[late] * 20), return_exceptions=True)
    assert isinstance(ends[0], TourTooLong)
""",
    ),
    "both in one test": changed(
        (
            f"():\n    with {EITHER}",
            f"(monkeypatch):\n    with {EITHER}",
        ),
        (EITHER, "pytest.raises(NoShow)"),
        more='    monkeypatch.setattr("tour.TOUR", 0.001)\n'
        "    with pytest.raises(TourTooLong):\n        await tour(nobody)\n",
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only the no-show": (
        changed((EITHER, "pytest.raises(NoShow)"), more=""),
        "a long tour that is reported",
        "call every limit a no-show",
    ),
    "a timeout": (
        changed((EITHER, "pytest.raises(TimeoutError)")),
        "every test",
        "meet no `TimeoutError`",
    ),
    "only the long tour": (changed(), "a no-show that is reported", ""),
    "any error": (
        changed((EITHER, "pytest.raises(Exception)"), more=""),
        "a no-show that is reported",
        "",
    ),
    "skipped": (
        changed(("async def test_nobody", "@pytest.mark.skip\nasync def test_nobody")),
        "every test",
        "waits at no stop",
    ),
}
