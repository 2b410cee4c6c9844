"""The recipes of the old guides: what the page says of each is what its run does, today, here.

The verdicts are nobody's opinion: the rule that makes them is tried below on made-up results.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import valkey
import warm_child  # type: ignore[import-not-found]

import loopcheck.servers
from loopcheck.lab.projects.project_files import ProjectError
from loopcheck.lab.recipes import recipe, recipe_runs, recipe_words, workbook_recipes
from loopcheck.lab.recipes.recipe import Recipe, Result, Row

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / workbook_recipes.NOTEBOOK
GROUPS = workbook_recipes.by_group()
ALL = [one for group in GROUPS.values() for one in group]
MOST_LINES = 8
UNAWAITABLE = re.compile(r"'(\w+)' object can't be awaited")  # as 3.14 says it
AS_STORED = r"object \1 can't be used in 'await' expression"
OTHERS = "test_old_advice:others"  # a key

CELL = """\
# advice: count up to three
# guide: Old
# better: LC102: keep count yourself
# file: test_count.py
"""
RIGHT, WRONG = "assert True", "assert 'two' == 'three'"


def code_cells() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return [one for one in found if one["cell_type"] == "code"]


def stored(start: str) -> str:
    """Return what the cell that begins with *start* stores."""
    [cell] = [
        one
        for one in code_cells()
        if f"{''.join(one['source'])}\n".startswith((f"{start}\n", f"{start} -"))
    ]
    [shown] = [one for one in cell["outputs"] if one["output_type"] == "execute_result"]
    return "".join(shown["data"]["text/plain"])


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, Result]]:
    servers = loopcheck.servers.start_valkey(), loopcheck.servers.start_postgres()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VALKEY_URL", servers[0].url)
        patch.setenv("DATABASE_URL", servers[1].url)
        warm_child.put_in(patch)  # the notebook runs them in cold ones
        with valkey.from_url(servers[0].url) as client:  # type: ignore[no-untyped-call]
            client.set(OTHERS, "kept")
        yield {one.recipe.name: one for one in recipe_runs.results(ALL)}
    for server in servers:
        server.stop()


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_run_does_what_the_page_says(one: Recipe, results: dict[str, Result]) -> None:
    card = recipe_words.card(results[one.name])
    assert UNAWAITABLE.sub(AS_STORED, card) == stored(f"%%recipe {one.name}")
    assert len(card.splitlines()) <= MOST_LINES


def test_the_count_on_the_page_is_that_of_the_runs(results: dict[str, Result]) -> None:
    groups = {group: [results[one.name] for one in ones] for group, ones in GROUPS.items()}
    said, _ = recipe_words.overview(groups)
    assert stored("%recipes") == said
    assert said.startswith(f"{len(ALL)} recipes: ")


def test_no_recipe_flushes_what_others_use_beside_it(results: dict[str, Result]) -> None:
    with valkey.from_url(os.environ["VALKEY_URL"]) as client:  # type: ignore[no-untyped-call]
        assert client.get(OTHERS) == b"kept"


def test_each_recipe_is_told_once_and_names_a_lesson_or_says_keep_it() -> None:
    assert len({one.name for one in ALL}) == len(ALL)
    bare = [one.name for one in ALL if not one.modes and not one.better.startswith("keep it")]
    assert bare == []


def made(*rows: tuple[recipe.Part, bool]) -> Result:
    asked = recipe.read("R00", CELL + TWO.format(RIGHT, RIGHT))
    seen = [Row(part=part, asked="it", outcome="passed" if ok else "failed") for part, ok in rows]
    return Result(recipe=asked, rows=tuple(seen))


TWO = "def test_advice_it_counts():\n    {}\n\ndef test_without_it_counts():\n    {}\n"


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([("advice", True), ("without", False)], "works"),
        ([("advice", True), ("without", False), ("price", True)], "works"),
        ([("advice", True), ("without", False), ("price", False)], "works, at a price"),
        ([("advice", True), ("advice", False), ("without", True)], "breaks"),
        ([("advice", True), ("without", True), ("price", False)], "has no effect"),
        ([("advice", False), ("without", True), ("without", False)], "has no effect"),
    ],
)
def test_the_verdict_follows_from_the_rows(
    rows: list[tuple[recipe.Part, bool]], verdict: str
) -> None:
    assert made(*rows).verdict == verdict


def tried(text: str, *, seconds: float = 20.0) -> Result:
    [result] = recipe_runs.results([recipe.read("R00", text, seconds=seconds)])
    return result


@pytest.mark.parametrize(
    ("bodies", "verdict"),
    [((RIGHT, WRONG), "works"), ((WRONG, RIGHT), "breaks"), ((RIGHT, RIGHT), "has no effect")],
)
def test_the_verdict_turns_with_what_the_tests_do(bodies: tuple[str, str], verdict: str) -> None:
    result = tried(CELL + TWO.format(*bodies))
    assert result.verdict == verdict
    words = ["" if body == RIGHT else "AssertionError: assert 'two' == 'three'" for body in bodies]
    assert [row.words for row in result.rows] == words


def test_a_test_that_never_ends_is_ended_and_told() -> None:
    text = TWO.replace("def test_advice", "async def test_advice")
    result = tried(
        "import asyncio\n".join([CELL, ""])
        + "def test_without_it_counts(): pass\n\n"
        + text.partition("\n\n")[0].format("await asyncio.Event().wait()\n"),
        seconds=1,
    )
    assert result.verdict == "breaks"
    assert result.rows[0].outcome == "never ended"
    assert result.rows[0].words == "still at it after 1 seconds, and ended"


def test_settings_that_pytest_cannot_read_are_told_in_its_words() -> None:
    ini = "# file: advice/pytest.ini\n[pytest]\nlog_cli = true  # live\n"
    tests = [TWO.partition("\n\n")[0], TWO.partition("\n\n")[2]]
    head = CELL.replace("# file: test_count.py\n", ini)
    for folder, text in zip(("advice", "without"), tests, strict=True):
        head += f"# file: {folder}/test_count.py\n{text.format(RIGHT)}\n"
    result = tried(head)
    assert result.verdict == "breaks"
    assert result.rows[0].words.startswith("ERROR: invalid truth value")


def test_without_its_server_a_recipe_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///orders.db")
    result = tried("# needs: PostgreSQL\n" + CELL + TWO.format(RIGHT, WRONG))
    assert result.verdict == "was not run"
    assert recipe_words.count([result]) == "1 recipe: 1 was not run"
    assert "not run      it needs PostgreSQL" in recipe_words.card(result)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# file: test_x.py\n" + TWO.format(RIGHT, RIGHT), "lack `# advice:` and `# guide:` and"),
        (CELL + "def test_advice_a(): pass", r"no test called test_without_…\. A verdict needs"),
        (CELL.replace("LC102", "LC999") + TWO.format(RIGHT, RIGHT), "no mode is called LC999"),
        ("# needs: Oracle\n" + CELL + TWO.format(RIGHT, RIGHT), "no server is called Oracle: Val"),
    ],
)
def test_a_cell_that_is_no_recipe_is_told_what_it_lacks(text: str, told: str) -> None:
    with pytest.raises(ProjectError, match=told):
        recipe.read("R00", text)


def test_html_says_what_the_text_says_and_leads_to_the_lesson() -> None:
    result = made(("advice", False), ("without", True))
    drawn = recipe_words.drawn(result)
    assert '<a href="lc102_loop_mismatch.ipynb">LC102</a>: keep count yourself' in drawn
    for part in ("R00 breaks", "with it", "✗ failed: it", "without it", "✓ passed: it"):
        assert part in drawn


def test_a_cell_shows_the_run_of_all_once_and_then_runs_anew(
    cells: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = recipe.read("R00", CELL + TWO.format(RIGHT, WRONG))
    monkeypatch.setattr("loopcheck.lab.magics.recipes.by_group", lambda: {"Counting": [asked]})
    ran: list[list[Recipe]] = []
    real = recipe_runs.results

    def counted(wanted: list[Recipe]) -> Iterator[Result]:
        ran.append(wanted)
        return real(wanted)

    monkeypatch.setattr(recipe_runs, "results", counted)
    assert "Counting: 1 recipe: 1 works" in cells("%recipes")
    cell = f"%%recipe R00\n{CELL}{TWO.format(RIGHT, WRONG)}"
    assert "R00 works" in cells(cell)
    assert len(ran) == 1
    assert "R00 works" in cells(cell)
    assert len(ran) == 2
    assert "R00 has no effect" in cells(cell.replace(WRONG, RIGHT))


def test_a_cell_without_files_is_answered_in_one_line(cells: Any) -> None:
    said = cells(f"%%recipe R00\n{CELL}")
    assert said.strip() == "UsageError: %%recipe R00: it has no test called test_advice_… and " + (
        "test_without_…. A verdict needs both."
    )


def test_the_cells_above_the_count_run_every_group_once() -> None:
    runs = ["".join(one["source"]) for one in code_cells()]
    words = [text.split()[1] for text in runs[: runs.index("%recipes")] if "%recipes " in text]
    named = [group for word in words for group in GROUPS if word in group.lower()]
    assert named == list(GROUPS)


def test_a_group_that_is_not_there_is_answered_with_those_that_are(cells: Any) -> None:
    said = cells("%recipes settigns")
    assert said.startswith("UsageError: %recipes: no group has the word `settigns`: there are The ")
    assert said.strip().endswith("Did you mean settings?")


def test_runs_that_are_given_up_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    endless = "import threading\n" + TWO.format("threading.Event().wait()", RIGHT)
    both = [recipe.read("R00", CELL + text) for text in (TWO.format(RIGHT, WRONG), endless)]
    running = recipe_runs.results(both)
    assert next(running).verdict == "works"
    assert list(tmp_path.glob("loopcheck-*"))
    running.close()
    assert list(tmp_path.iterdir()) == []
