"""The exercise of LC311: a tea house whose tests make their own kettle, so nothing starts the app.

The lesson's failure was cured by setting the state in the fixture. Without that cure it is back,
and the app's own startup has to run, once for each test, with its end.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    each_notices,
    first_not_passed,
    notices,
)

TEAHOUSE = '''\
"""A tea house: its kettle is heated at startup, and off again at the end."""

from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request


class Kettle:
    def __init__(self, cups):
        self.cups, self.hot = cups, True

    def pour(self):
        if not self.cups:
            raise HTTPException(409, "the kettle is empty")
        self.cups -= 1
        return self.cups


@asynccontextmanager
async def lifespan(app):
    app.state.kettle = Kettle(cups=2)
    yield
    app.state.kettle.hot = False


app = FastAPI(lifespan=lifespan)


@app.post("/cups")
async def pour(request: Request):
    return {"left": request.app.state.kettle.pour()}
'''

SKELETON = """\
import httpx
import pytest
import pytest_asyncio
from teahouse import Kettle, app


@pytest_asyncio.fixture
async def client():
    app.state.kettle = Kettle(cups=2)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://tea") as client:
        yield client


@pytest.mark.asyncio
async def test_two_cups(client):
    assert (await client.post("/cups")).json() == {"left": 1}
    assert (await client.post("/cups")).json() == {"left": 0}


@pytest.mark.asyncio
async def test_the_third_cup_is_refused(client):
    answers = [await client.post("/cups") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 409]
"""

FILE, HEATS, EMPTY = "teahouse.py", "app.state.kettle = Kettle(cups=2)", "if not self.cups:"
TWO = "another kettle is still hot"
CHECKED = (
    'last = getattr(app.state, "kettle", None)\n'
    f'    assert last is None or not last.hot, "{TWO}"\n    {HEATS}'
)
INSPECTED = Run(planted=((FILE, HEATS, CHECKED),))
COLD = "the kettle is off"
POURS = "self.cups -= 1"
STILL_HOT = Run(planted=((FILE, POURS, f'assert self.hot, "{COLD}"\n        {POURS}'),))

WRONG_TURNS = (
    WrongTurn(
        name="nobody starts the app",
        did=lambda seen: seen.failed_with("'State' object has no attribute 'kettle'"),
        answer="The cure is gone, and the fault that it hid is back: no line runs the app's "
        "lifespan. `ASGITransport` only sends requests, and a `TestClient` runs it inside `with`.",
    ),
    WrongTurn(
        name="one kettle for all",
        did=lambda seen: not seen.planted and seen.failed_with("KeyError: 'left'", "[409, 409"),
        answer="The second test finds the kettle that the first one has emptied. Each test needs "
        "a startup of its own.",
    ),
    WrongTurn(
        name="never switched off",
        did=lambda seen: seen.failed_with(TWO),
        answer="Startup runs, and the rest of the lifespan does not. Enter it with `async with`, "
        "so that its end runs, too.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test pours no cup. Both can run.",
    ),
)

EXERCISE = Exercise(
    stem="lc311_lifespan_not_run",
    kind="delete the cure",
    task="Remove the kettle that the fixture makes. Both tests must pass in any order with the "
    "kettle that the app heats, and each kettle must be off before the next one is heated.",
    edits="test_teahouse.py",
    skeleton=SKELETON,
    frozen={FILE: TEAHOUSE},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        each_notices("that startup heats five cups", FILE, HEATS, HEATS.replace("2", "5")),
        Requirement(
            name="each kettle is off when the next is heated", unmet=first_not_passed, run=INSPECTED
        ),
        Requirement(
            name="the kettle is hot while the tests pour", unmet=first_not_passed, run=STILL_HOT
        ),
        notices("that an empty kettle still pours", FILE, EMPTY, "if self.cups < -9:"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which line of the fixture does what the app does by itself when a server starts it?",
        "The fixture fills `app.state`, so nobody notices that the app's lifespan never runs. "
        "httpx does not run it.",
        "Run the lifespan around the client, in the fixture: `async with app.router.… , "
        "httpx.AsyncClient(…) as client:`. It is a context manager that takes the app.",
    ),
    learned="You can tell what runs the lifespan of an app, and start the app for each test.",
)
