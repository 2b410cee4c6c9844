"""Answers to the exercise of LC312: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc312_wrong_backend import SKELETON

SKELETON_SAYS = ("every test runs and passes", "RunContext")
changed = partial(in_text, text=SKELETON)

MARK = "@pytest.mark.asyncio"
ANYIO = (MARK, "@pytest.mark.anyio")
IMPORT = "import pytest\nimport pytest_asyncio\n"
PLAIN = (("import pytest_asyncio\n", ""), ("@pytest_asyncio.fixture", "@pytest.fixture"))
START = "from orchard import Orchard\n"


def backend(returned: str) -> tuple[str, str]:
    return START, f'{START}\n\n@pytest.fixture\ndef anyio_backend():\n    return "{returned}"\n'


OWN_RUN = """\
import trio
from orchard import Orchard


async def picked():
    orchard = Orchard(3)
    try:
        return await orchard.pick(), sorted(orchard.basket)
    finally:
        await orchard.close()


def test_every_tree_gives_an_apple():
    assert trio.run(picked)[0] == 3


def test_each_picker_has_a_tree():
    assert trio.run(picked)[1] == [0, 1, 2]
"""

RIGHT = {
    "one mark for the module": changed(
        *PLAIN,
        backend("trio"),
        (f"{MARK}\n", ""),
        (START, f"{START}\npytestmark = pytest.mark.anyio\n"),
    ),
    "a parameter": changed(
        *PLAIN,
        ANYIO,
        (
            START,
            f'{START}\n\n@pytest.fixture(params=["trio"])\ndef anyio_backend(request):\n'
            "    return request.param\n",
        ),
    ),
    "trio.run": OWN_RUN,
    "trio in a thread": """
import asyncio

import pytest
import trio
from orchard import Orchard


@pytest.fixture
def orchard():
    orchard = Orchard(trees=3)
    yield orchard
    trio.run(orchard.close)


@pytest.mark.asyncio
async def test_every_tree_gives_an_apple(orchard):
    assert await asyncio.to_thread(trio.run, orchard.pick) == 3


@pytest.mark.asyncio
async def test_each_picker_has_a_tree(orchard):
    await asyncio.to_thread(trio.run, orchard.pick)
    assert {*orchard.basket} == {0, 1, 2}
""",
    "the fixture picks": changed(
        *PLAIN,
        ANYIO,
        backend("trio"),
        ("    yield orchard\n", "    orchard.picked = await orchard.pick()\n    yield orchard\n"),
        ("assert await orchard.pick() == 3", "assert orchard.picked == 3"),
        ("    await orchard.pick()\n", ""),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the mark of anyio alone": (changed(*PLAIN, ANYIO), "every test", "asyncio always is"),
    "the wrong backend": (changed(*PLAIN, ANYIO, backend("asyncio")), "every test", ""),
    "a mark that no plugin knows": (
        changed(*PLAIN, (MARK, "@pytest.mark.trio")),
        "every test",
        "pytest-trio is not loaded",
    ),
    "only the fixture": (changed(*PLAIN), "every test", "No plugin of this run takes"),
    "that mark, and the fixture as it was": (
        changed((MARK, "@pytest.mark.trio")),
        "every test",
        "anyio's plugin is, and it can run trio",
    ),
    "the tests without the fixture": (
        changed(ANYIO, backend("trio")),
        "every test",
        "Which plugin runs the fixture",
    ),
    "asyncio.run": (
        OWN_RUN.replace("import trio", "import asyncio").replace(
            "trio.run(picked)", "asyncio.run(picked())"
        ),
        "every test",
        "",
    ),
    "a fixture that does not close": (
        changed(*PLAIN, ANYIO, backend("trio"), ("    await orchard.close()\n", "")),
        "can't be closed",
        "stays open",
    ),
    "trio.run, and never closed": (
        OWN_RUN.replace("await orchard.close()", "pass"),
        "can't be closed",
        "on trio as well",
    ),
    "no check": (
        changed(
            *PLAIN,
            ANYIO,
            backend("trio"),
            ("    assert sorted(orchard.basket) == [0, 1, 2]\n", ""),
        ),
        "pickers that pick nothing",
        "",
    ),
    "skipped": (changed((MARK, "@pytest.mark.skip")), "every test", "picks no apple"),
}
