"""The exercise of LC408: boats for hire, and two overrides that FastAPI reads in its own way.

The lesson overrides with a mock. Here one override accepts any arguments, and one passes the result
of a call where it should pass the function. A learner who sends what the 422 requests tests a
request that no visitor makes.
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
)
from loopcheck.lab.seen import Seen

HIRE = '''\
"""Boats for hire, over the web."""

from datetime import datetime

from fastapi import Depends, FastAPI

app = FastAPI()


class Jetty:
    async def boats(self):
        return ["Ada", "Bea", "Cleo"]


async def get_jetty():
    yield Jetty()


def get_hour():
    return datetime.now().hour


@app.get("/open")
async def is_open(hour=Depends(get_hour)):
    return 9 <= hour < 18


@app.get("/boats")
async def boats(jetty=Depends(get_jetty)):
    return await jetty.boats()
'''

LEFT = """\
from hire import app


def test_no_override_is_left():
    assert not app.dependency_overrides
"""

SKELETON = """\
import httpx
import pytest
import pytest_asyncio
from hire import app, get_hour, get_jetty

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def web():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://lake") as web:
        yield web
    app.dependency_overrides.clear()


class OneBoat:
    async def boats(self):
        return ["Zoe"]


async def one_boat():
    yield OneBoat()


def at(hour):
    def override(*args, **kwargs):
        return hour

    return override


async def test_it_is_open_at_noon(web):
    app.dependency_overrides[get_hour] = at(12)
    assert (await web.get("/open")).json() is True


async def test_it_is_closed_at_night(web):
    app.dependency_overrides[get_hour] = at(23)
    assert (await web.get("/open")).json() is False


async def test_one_boat_is_free(web):
    app.dependency_overrides[get_jetty] = lambda: one_boat()
    assert (await web.get("/boats")).json() == ["Zoe"]
"""

FILE, HOUR, JETTY = "hire.py", "return datetime.now().hour", "yield Jetty()"
REAL = "the real clock or jetty was used"
APP, ODD = "app = FastAPI()", "a visitor sends no such thing"
PLAIN = f"""\
{APP}


@app.middleware("http")
async def plain_requests(request, call_next):
    if request.url.query:
        raise SystemError("{ODD}: ?" + request.url.query)
    return await call_next(request)"""
STRICT = Run(
    planted=(
        (FILE, APP, PLAIN),
        (FILE, HOUR, f'raise SystemError("{REAL}")'),
        (FILE, JETTY, f'raise SystemError("{REAL}")\n    {JETTY}'),
    )
)
# A parameter that has a default is still one that a visitor can send.
ASKS = "an override has parameters that a request fills"
BARE = f"""\
{APP}

from fastapi.dependencies.utils import get_dependant

@app.middleware("http")
async def bare_overrides(request, call_next):
    for override in app.dependency_overrides.values():
        needs = get_dependant(path="/", call=override)
        if needs.query_params or needs.header_params or needs.cookie_params or needs.body_params:
            raise SystemError("{ASKS}")
    return await call_next(request)"""
NO_OVERRIDE = "test_no_override_is_left"
FAILING = Run(
    planted=((FILE, "9 <= hour < 18", "None"), (FILE, "return await jetty.boats()", "return None"))
)


def _left_by_a_failure(seen: Seen) -> str | None:
    if seen.outcomes.get(NO_OVERRIDE) == "passed":
        return None
    return f"every other test failed, and then {NO_OVERRIDE}: {seen.failures.get(NO_OVERRIDE, '?')}"


HOURS = ("test_it_is_open_at_noon", "test_it_is_closed_at_night")


def _asked_for(seen: Seen) -> bool:
    """True if requests still get a 422, while the boats are all right."""
    mended = seen.outcomes.get("test_one_boat_is_free") == "passed"
    return mended and not seen.planted and seen.failed_with("'detail'", "422")


def _generator(seen: Seen) -> bool:
    """True if the jetty is still a generator or context manager, while the hours are all right."""
    mended = all(seen.outcomes.get(name) == "passed" for name in HOURS)
    return (
        mended
        and not seen.planted
        and seen.failed_with("generator", "_AsyncGeneratorContextManager")
    )


WRONG_TURNS = (
    WrongTurn(
        name="another name for the clock",
        did=lambda seen: (
            not seen.planted and seen.failed_with("assert True is False", "assert False is True")
        ),
        answer="A request got its answer for another hour than the test set. FastAPI took the "
        "function itself when the route was made; it doesn't look up its name again. It looks"
        " into `app.dependency_overrides` at each request.",
    ),
    WrongTurn(
        name="parameters of its own",
        did=_asked_for,
        answer="The requests still get a 422. FastAPI reads the override's signature, and looks "
        "for `*args`, a mock's arguments, or any parameter in the request. Give the override no "
        "parameters.",
    ),
    WrongTurn(
        name="a parameter with a default",
        did=lambda seen: seen.failed_with(ASKS),
        answer="The default ends the 422, and FastAPI still reads the parameter as part of the "
        "request: a visitor who sends it sets the hour. Give the override no parameters.",
    ),
    WrongTurn(
        name="a generator handed over",
        did=_generator,
        answer="The route still gets the generator, and not the value it yields. FastAPI takes "
        "the value out of a function that yields, if you pass the function itself, uncalled.",
    ),
    WrongTurn(
        name="sent along",
        did=lambda seen: seen.failed_with(ODD),
        answer="The request now carries what the 422 requested, and no visitor's request does. "
        "The route never needed it: the override did.",
    ),
    WrongTurn(
        name="the real one",
        did=lambda seen: seen.failed_with(REAL),
        answer="One of the tests got its answer from the real clock or the real jetty: nothing "
        "overrides it. The key must be the function that the route depends on.",
    ),
    WrongTurn(
        name="left in place",
        did=lambda seen: "test_no_override_is_left" in seen.failures,
        answer="An override is still there when the next test starts. All tests share the app; "
        "`app.dependency_overrides.clear()` after the `yield` removes them.",
    ),
)

EXERCISE = Exercise(
    stem="lc408_wrong_override_signature",
    kind="mend the test",
    task="Make every test pass, in any order, with requests as a visitor sends them; no test "
    "may use the real clock and jetty, and no override may be left.",
    edits="test_hire.py",
    skeleton=SKELETON,
    frozen={FILE: HIRE, "test_left.py": LEFT},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="a visitor's requests, and no real clock or jetty",
            unmet=first_not_passed,
            run=STRICT,
        ),
        Requirement(
            name="no request can fill a parameter of an override",
            unmet=first_not_passed,
            run=Run(planted=((FILE, APP, BARE),)),
        ),
        Requirement(
            name="a test that fails leaves no override behind",
            unmet=_left_by_a_failure,
            run=FAILING,
        ),
        notices("an open day that never ends", FILE, "9 <= hour < 18", "9 <= hour"),
        notices("boats that are lost", FILE, "return await jetty.boats()", "return []"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What does FastAPI see of each override: which parameters does it have, what does it "
        "return?",
        "`*args, **kwargs` are parameters, so FastAPI looks for them in each request. And a "
        "lambda that calls `one_boat` returns a generator, which is not a jetty.",
        "`at` can return a function without parameters: `return lambda: …`. For the jetty, pass "
        "the function that yields, without the call: `app.dependency_overrides[get_jetty] = …`.",
    ),
    learned="You can write an override that FastAPI calls as it is, for the right function.",
    seconds=10.0,
)
