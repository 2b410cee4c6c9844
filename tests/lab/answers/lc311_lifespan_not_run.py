"""Answers to the exercise of LC311: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc311_lifespan_not_run import SKELETON

SKELETON_SAYS = ("each test notices that startup heats five cups", "every test still passed")
changed = partial(in_text, text=SKELETON)

OWN = "    app.state.kettle = Kettle(cups=2)\n"
OPENS = '    async with httpx.AsyncClient(transport=transport, base_url="http://tea") as client:\n'
YIELDS = "        yield client\n"
LIFESPAN = ("from teahouse import Kettle, app", "from teahouse import app, lifespan")
PLAIN = """
import pytest
from fastapi.testclient import TestClient
from teahouse import app

@pytest.fixture
def client():
    with TestClient(app) as client:
        yield client

def test_two_cups(client):
    assert client.post("/cups").json() == {"left": 1}
    assert client.post("/cups").json() == {"left": 0}

def test_the_third_cup_is_refused(client):
    answers = [client.post("/cups").status_code for _ in range(3)]
    assert answers == [200, 200, 409]
"""


def around(manager: str) -> tuple[str, str]:
    return OPENS + YIELDS, f"    async with {manager}:\n    {OPENS}    {YIELDS}"


RIGHT = {
    "a TestClient that is entered": PLAIN,
    "the lifespan itself": changed((OWN, ""), LIFESPAN, around("lifespan(app)")),
    "the router's lifespan in a block around it": changed(
        (OWN, ""), around("app.router.lifespan_context(app)")
    ),
    "an exit stack": changed(
        (OWN, ""),
        ("import httpx\n", "from contextlib import AsyncExitStack\n\nimport httpx\n"),
        (
            OPENS + YIELDS,
            "    async with AsyncExitStack() as stack:\n"
            "        await stack.enter_async_context(app.router.lifespan_context(app))\n"
            f"    {OPENS}    {YIELDS}",
        ),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only the cure taken away": (changed((OWN, "")), "every test", "no line runs the app's"),
    "a TestClient that nobody enters": (
        PLAIN.replace(
            "    with TestClient(app) as client:\n        yield client",
            "    return TestClient(app)",
        ),
        "every test",
        "no line runs the app's",
    ),
    "entered once": (
        PLAIN.replace("@pytest.fixture\n", '@pytest.fixture(scope="module")\n'),
        "every test",
        "a startup of its own",
    ),
    "started and never stopped": (
        changed(
            LIFESPAN,
            (OWN, "    await lifespan(app).__aenter__()\n"),
        ),
        "each kettle is off",
        "so that its end runs, too",
    ),
    "the lifespan's line copied": (
        changed((OWN, "    setattr(app.state, 'kettle', Kettle(2))\n")),
        "startup heats five cups",
        "",
    ),
    "awaited": (
        changed(LIFESPAN, (OWN, "    await lifespan(app)\n")),
        "every test",
        "",
    ),
    "skipped": (
        changed((OWN, ""), ("@pytest.mark.asyncio\n", "@pytest.mark.skip\n")),
        "every test",
        "pours no cup",
    ),
    "one test less": (changed((SKELETON[SKELETON.rindex("@pytest.mark") :], "")), "both", ""),
}
