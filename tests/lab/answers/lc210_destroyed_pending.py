"""Answers to the exercise of LC210: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc210_destroyed_pending import SKELETON

SKELETON_SAYS = ("every test runs and passes", "assert [] == [44]")
changed = partial(in_text, text=SKELETON)

IMPORTS = ("import pytest\nimport", "import asyncio\n\nimport pytest\nimport")
RETURNS = "    return Clerk(scale, limit=40).fined\n"
MAKES = "    clerk = Clerk(scale, limit=40)\n"
ENDS = "    clerk.task.cancel()\n    await asyncio.gather(clerk.task, return_exceptions=True)\n"
FIRST = "    await scale.weigh(44)\n    assert fined == [44]\n"

RIGHT = {
    "the fixture yields the clerk": changed(
        IMPORTS,
        ("async def fined(scale)", "async def clerk(scale)"),
        (RETURNS, f"{MAKES}    yield clerk\n{ENDS}"),
        ("a_heavy_lorry_is_fined(scale, fined)", "a_heavy_lorry_is_fined(scale, clerk)"),
        ("each_heavy_lorry_is_fined(scale, fined)", "each_heavy_lorry_is_fined(scale, clerk)"),
        ("assert fined == [44]", "assert clerk.fined == [44]"),
        ("assert fined == [41, 43]", "assert clerk.fined == [41, 43]"),
    ),
    "in a finally": changed(
        IMPORTS,
        (
            RETURNS,
            f"{MAKES}    try:\n        yield clerk.fined\n    finally:\n"
            "        clerk.task.cancel()\n        await asyncio.wait([clerk.task])\n",
        ),
    ),
    "the cancellation expected": changed(
        IMPORTS,
        (
            RETURNS,
            f"{MAKES}    yield clerk.fined\n    clerk.task.cancel()\n"
            "    with pytest.raises(asyncio.CancelledError):\n        await clerk.task\n",
        ),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "kept in a list of the module": (
        changed(
            ("\n\n@pytest.fixture\n", "\n\nclerks = []\n\n\n@pytest.fixture\n"),
            (RETURNS, f"{MAKES}    clerks.append(clerk)\n    return clerk.fined\n"),
        ),
        "no task is left",
        "That is LC201",
    ),
    "yielded and not ended": (
        changed((RETURNS, f"{MAKES}    yield clerk.fined\n")),
        "no task is left",
        "the day is over",
    ),
    "cancelled before the test": (
        changed((RETURNS, f"{MAKES}    clerk.task.cancel()\n    return clerk.fined\n")),
        "every test",
        "",
    ),
    "a name without a yield": (
        changed((RETURNS, f"{MAKES}    return clerk.fined\n")),
        "every test",
        "",
    ),
    "the collector turned off": (
        changed(
            ("import pytest\nimport", "import gc\n\nimport pytest\nimport"),
            (RETURNS, f"    gc.disable()\n{RETURNS}"),
        ),
        "every test",
        "",
    ),
    "nobody is fined": (
        changed(("assert fined == [44]", "assert fined == []"), ("[41, 43]", "[]")),
        "each test notices",
        "",
    ),
    "skipped": (
        changed(("@pytest.mark.asyncio\n", "@pytest.mark.skip\n")),
        "every test",
        "fines no lorry",
    ),
}
