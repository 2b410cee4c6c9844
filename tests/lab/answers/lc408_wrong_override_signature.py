"""Answers to the exercise of LC408: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc408_wrong_override_signature import SKELETON

SKELETON_SAYS = ("every test runs and passes", "test_it_is_open_at_noon: AssertionError")

TAKES = "override(*args, **kwargs)"
LAMBDA = "lambda: one_boat()"
CLEAR = "    app.dependency_overrides.clear()\n"
RIGHT_HOUR, RIGHT_JETTY = (TAKES, "override()"), (LAMBDA, "one_boat")
IMPORT = "import httpx\n"
MOCKS = (IMPORT, f"from unittest.mock import AsyncMock, MagicMock\n\n{IMPORT}")


def changed(*pairs: tuple[str, str]) -> str:
    """Return the skeleton with changes, each of which must find its place."""
    text: str = in_text(*pairs, text=SKELETON)
    return text


RIGHT = {
    "no parameters, the function itself": changed(RIGHT_HOUR, RIGHT_JETTY),
    "the thing, by a lambda": changed((TAKES, "override()"), (LAMBDA, "lambda: OneBoat()")),
    "the class itself": changed(RIGHT_HOUR, (LAMBDA, "OneBoat")),
    "async, and returned": changed(
        ("    def override(*args, **kwargs):", "    async def override():"),
        ("async def one_boat():\n    yield OneBoat()", "def one_boat():\n    return OneBoat()"),
        RIGHT_JETTY,
    ),
    "a mock of the jetty, behind a lambda": changed(
        MOCKS,
        RIGHT_HOUR,
        (
            "app.dependency_overrides[get_jetty] = lambda: one_boat()",
            'jetty = MagicMock()\n    jetty.boats = AsyncMock(return_value=["Zoe"])\n'
            "    app.dependency_overrides[get_jetty] = lambda: jetty",
        ),
    ),
    "by monkeypatch": changed(
        (CLEAR, ""),
        RIGHT_HOUR,
        ("test_it_is_open_at_noon(web)", "test_it_is_open_at_noon(web, monkeypatch)"),
        ("test_it_is_closed_at_night(web)", "test_it_is_closed_at_night(web, monkeypatch)"),
        ("test_one_boat_is_free(web)", "test_one_boat_is_free(web, monkeypatch)"),
        (
            "app.dependency_overrides[get_hour] = at(12)",
            "monkeypatch.setitem(app.dependency_overrides, get_hour, at(12))",
        ),
        (
            "app.dependency_overrides[get_hour] = at(23)",
            "monkeypatch.setitem(app.dependency_overrides, get_hour, at(23))",
        ),
        (
            "app.dependency_overrides[get_jetty] = lambda: one_boat()",
            "monkeypatch.setitem(app.dependency_overrides, get_jetty, one_boat)",
        ),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only the jetty": (changed(RIGHT_JETTY), "every test", "Give the override no parameters"),
    "only the hours": (changed(RIGHT_HOUR), "every test", "The route still gets the generator"),
    "a mock for the clock": (
        changed(
            MOCKS,
            RIGHT_JETTY,
            ("get_hour] = at(12)", "get_hour] = MagicMock(return_value=12)"),
            ("get_hour] = at(23)", "get_hour] = AsyncMock(return_value=23)"),
        ),
        "every test",
        "any parameter in the request",
    ),
    "a parameter with a name": (
        changed(RIGHT_JETTY, (TAKES, "override(request_hour)")),
        "every test",
        "requests still get a 422",
    ),
    "a block": (
        changed(
            RIGHT_HOUR,
            (IMPORT, f"from contextlib import asynccontextmanager\n\n{IMPORT}"),
            ("async def one_boat", "@asynccontextmanager\nasync def one_boat"),
            RIGHT_JETTY,
        ),
        "every test",
        "if you pass the function itself",
    ),
    "sent along": (
        changed(RIGHT_JETTY, ('web.get("/open")', 'web.get("/open?args=1&kwargs=1")')),
        "a visitor's requests",
        "The route never needed it",
    ),
    "the real jetty": (
        changed(
            RIGHT_HOUR,
            ("    app.dependency_overrides[get_jetty] = lambda: one_boat()\n", ""),
            ('== ["Zoe"]', '== ["Ada", "Bea", "Cleo"]'),
        ),
        "no real clock",
        "The key must be the function",
    ),
    "never cleared": (
        changed(RIGHT_HOUR, RIGHT_JETTY, (CLEAR, "")),
        "every test",
        "after the `yield` removes them",
    ),
    "nothing asked at night": (
        changed(
            RIGHT_HOUR,
            RIGHT_JETTY,
            ('assert (await web.get("/open")).json() is False', 'assert await web.get("/open")'),
        ),
        "never ends",
        "",
    ),
}
