"""LC311: it names the client without a startup, and asks nothing where no app of Starlette is."""

import ast
from typing import Any

import pytest

from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.fixtures.lc311_lifespan_not_run import detect, evidence, fixes
from loopcheck.modes.fixtures.lc311_lifespan_not_run.evidence import (
    MissingState,
    find_missing_state,
)
from loopcheck.records import ErrorRecord, Evidence, FrameRecord, Place
from loopcheck.source.changes.edited_text import applied
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source

STARLETTE = FrameRecord(place=Place("routing.py", 3), module="starlette.routing", owner="library")
ERROR = ErrorRecord(
    type="AttributeError",
    message="'State' object has no attribute 'db'",
    module="starlette.datastructures",
    function="__getattr__",
    raised="other",
    owner="library",
    frames=(STARLETTE,),
)
SEEN = MissingState(
    name="request.app.state.db",
    read_at=Place("shop.py", 20, "rows"),
    set_at=Place("shop.py", 9, "lifespan"),
    startup="lifespan",
    client="TestClient",
    made_at=Place("conftest.py", 7, "client"),
)


def case(seen: MissingState | None, error: ErrorRecord = ERROR) -> Evidence:
    return Evidence.knowing({find_missing_state: seen}, errors=(error,))


def test_the_line_that_makes_the_client_is_the_one_to_change() -> None:
    [found] = diagnose(case(SEEN))
    assert (found.code, found.certainty, found.where) == ("LC311", "certain", SEEN.made_at)
    assert "but `lifespan`, which sets it at shop.py:9, has not run." in found.what
    assert "`with TestClient(app) as client:`" in found.fix


def test_what_a_lifespan_yields_needs_a_manager_that_passes_it_on() -> None:
    [found] = detect(case(replace(SEEN, client="ASGITransport", yielded=True)))
    assert "`ASGITransport(manager.app)`" in found.fix
    assert not found.remedy


def test_of_a_mounted_app_the_line_of_its_lifespan_is_named() -> None:
    [found] = detect(case(replace(SEEN, client=None, made_at=None, mounted=True)))
    assert found.where == SEEN.set_at
    assert not found.remedy


def test_without_a_client_in_sight_the_reading_line_is_named() -> None:
    [found] = detect(case(replace(SEEN, client=None, made_at=None)))
    assert found.where == SEEN.read_at
    assert "mounted" not in found.why
    assert not found.remedy


@pytest.mark.parametrize("change", [{"frames": ()}, {"type": "ValueError"}])
def test_another_error_asks_nothing(change: dict[str, Any]) -> None:
    assert not list(detect(case(SEEN, replace(ERROR, **change))))
    assert not list(detect(case(None)))
    assert not list(detect(Evidence()))


def lines_run(body: str) -> list[int]:
    block = ast.parse(f"async def lifespan(app):\n{body}").body[0]
    assert isinstance(block, ast.AsyncFunctionDef)
    return [node.lineno for node in evidence._always_run(block.body)]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (" a = 1\n yield\n b = 2", [2, 3]),
        (" if x:\n  a = 1\n b = 2\n yield", [2, 4, 5]),
        (" async with pool() as p:\n  a = p\n  yield\n b = 2", [2, 3, 4]),
        (" try:\n  a = 1\n  yield\n finally:\n  b = 2", [3, 4]),
        (" for x in y:\n  a = 1\n yield", [2, 4]),
    ],
)
def test_only_lines_that_startup_always_runs_count(body: str, lines: list[int]) -> None:
    assert lines_run(body) == lines


def entered(text: str, line: int) -> str:
    source = Source("test_shop.py", text)
    [call] = [one for one in source.calls_at(line) if source.text_of(one.func) == "TestClient"]
    return applied(text, list(fixes._enter(source, call)))


def test_a_client_of_a_test_is_entered_around_the_lines_below_it() -> None:
    text = "def test():\n    one = TestClient(app)\n    assert one.get('/')\n    go()\n"
    assert entered(text, 2) == (
        "def test():\n    with TestClient(app) as one:\n        assert one.get('/')\n        go()\n"
    )


def test_a_client_in_one_line_is_entered_around_this_line() -> None:
    text = "def test():\n    answer = TestClient(app).get('/')\n    assert answer\n"
    assert entered(text, 2) == (
        "def test():\n    with TestClient(app) as client:\n        answer = client.get('/')\n"
        "    assert answer\n"
    )


def test_a_fixture_yields_the_client_that_it_has_entered() -> None:
    text = "@pytest.fixture\ndef web():\n    return TestClient(app)\n"
    assert entered(text, 3) == (
        "@pytest.fixture\ndef web():\n    with TestClient(app) as client:\n        yield client\n"
    )


@pytest.mark.parametrize(
    "text", ["client = TestClient(app)\n", "def make():\n    return TestClient(app)\n"]
)
def test_a_client_that_others_would_have_to_enter_has_no_edit(text: str) -> None:
    with pytest.raises(NoSplice):
        entered(text, text.count("\n"))
