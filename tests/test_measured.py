"""The pages of what was measured: whole, and quoted as they are. `make bench` and `make accuracy`
write them; nothing is measured here.
"""

import json
import os
import random
import re
import runpy
import subprocess
import sys
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from loopcheck.modes import catalogue

ROOT = Path(__file__).parents[1]
BENCH = ROOT / "tests" / "bench"
COSTS, ACCURACY = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "accuracy.md"
QUOTES = ROOT / "docs" / "comparison.md"  # what each tool says, word for word
CLAIMS = re.compile(r"<!-- claims -->\n(.*?)<!-- /claims -->", re.DOTALL)
# Written by hand-started runs on a quiet machine: until the first of them there is no page.
costs = pytest.mark.skipif(not COSTS.exists(), reason="no docs/benchmarks.md yet: make bench")
accuracy = pytest.mark.skipif(
    not ACCURACY.exists(), reason="no docs/accuracy.md yet: make accuracy"
)
ASKED = ("pytest alone", "asyncio's debug mode", "pyleak", "aiomonitor", "loopcheck")


def claims(page: Path) -> str:
    found = CLAIMS.search(page.read_text(encoding="utf-8"))
    assert found is not None, page
    return found[1]


@costs
def test_the_readme_quotes_the_benchmarks() -> None:
    assert claims(ROOT / "README.md") == claims(COSTS)


@costs
def test_each_promise_has_a_bound_and_a_verdict() -> None:
    rows = [line.strip("| ").split(" | ") for line in claims(COSTS).splitlines()[2:]]
    assert len(rows) >= 5
    for what, bound, seen, verdict in rows:
        assert what
        assert bound
        assert seen
        assert verdict.startswith(("holds", "does not hold", "too noisy to judge"))


@costs
def test_the_page_says_on_what_and_when() -> None:
    assert re.search(
        r"^\d{4}-\d\d-\d\d at `[0-9a-f]{8}`, .* \d+ cores, Python 3\.\d+",
        COSTS.read_text("utf-8"),
        re.MULTILINE,
    )


@costs
def test_each_picture_is_there_with_its_words() -> None:
    pictures = re.findall(r"!\[(.+)\]\((.+\.svg)\)\n\n(.+)", COSTS.read_text(encoding="utf-8"))
    assert len(pictures) == 3
    for title, file, told in pictures:
        drawn = (COSTS.parent / file).read_text(encoding="utf-8")
        assert title in drawn
        assert "prefers-color-scheme:dark" in drawn
        assert told


@accuracy
def test_every_mode_that_is_compared_is_one_that_there_is() -> None:
    """A mode that is newer than the page waits for the next `make accuracy`: it is printed."""
    sections = QUOTES.read_text(encoding="utf-8").split("\n## ")[1:]
    heads = [section.split("\n", 1)[0] for section in sections]
    known = [f"{mode.code} {mode.slug}" for mode in catalogue.modes()]
    assert heads == [head for head in known if head in heads]
    print("not measured yet:", [head for head in known if head not in heads])
    for section in sections:
        for asked in ASKED:
            assert f"\n{asked}:\n\n```text\n" in section, section.split("\n", 1)[0]


@pytest.mark.skipif(
    not (BENCH / "accuracy.json").exists(), reason="no tests/bench/accuracy.json yet: make accuracy"
)
def test_loopcheck_is_quoted_in_the_words_of_today() -> None:
    golden = json.loads((ROOT / "tests" / "modes" / "golden.json").read_text(encoding="utf-8"))
    known = {one["what"] for found in golden.values() for one in found}
    compared = json.loads((BENCH / "accuracy.json").read_text(encoding="utf-8"))["modes"]
    quoted = [line for mode in compared for line in mode["said"]["loopcheck"][1:]]
    assert [line for line in quoted if line not in known] == []


@pytest.mark.skipif(
    not (BENCH / "accuracy.json").exists(), reason="no tests/bench/accuracy.json yet: make accuracy"
)
def test_the_totals_fit_on_two_screens_and_agree_with_the_quotes() -> None:
    page, quotes = ACCURACY.read_text(encoding="utf-8"), QUOTES.read_text(encoding="utf-8")
    assert len(page.splitlines()) <= 80
    assert all(len(line) <= 200 for line in page.splitlines())
    [compared] = re.findall(r"all, of (\d+) \|", page)
    assert int(compared) == quotes.count("\n## ")


def test_no_page_holds_an_address_or_a_folder_of_the_machine() -> None:
    for page in filter(Path.exists, (COSTS, ACCURACY, QUOTES)):
        said = page.read_text(encoding="utf-8")
        assert not re.search(r"0x[0-9a-f]{6,}|site-packages", said), page


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.syspath_prepend(str(BENCH))
    return runpy.run_path(str(BENCH / "measured.py"))


def verdict(measured: dict[str, Any], share: float, unsure: float) -> str:
    claim = measured["Claim"](what="it", bound="1", seen="1", share=share, unsure=unsure)
    return str(claim.verdict())


def test_what_is_nearer_to_its_bound_than_it_may_be_off_is_not_judged(
    measured: dict[str, Any],
) -> None:
    assert verdict(measured, 0.99, 0.005) == "holds"
    assert verdict(measured, 1.01, 0.005) == "does not hold"
    assert verdict(measured, 0.99, 0.09) == "too noisy to judge: it may be 9.0% off"
    assert verdict(measured, 0.5, 0.09) == "holds"
    assert verdict(measured, 2.0, 0.09) == "does not hold"


def test_the_middle_of_many_figures_is_surer_than_each_of_them(measured: dict[str, Any]) -> None:
    draw = random.Random(5)

    def covers(many: int) -> bool:
        figures = [draw.lognormvariate(0, 0.3) for _ in range(many)]  # the true median is 1
        middle = median(figures)
        return bool(abs(middle - 1) <= measured["unsure"](figures) * middle)

    for many in (9, 41):
        assert sum(covers(many) for _ in range(400)) >= 0.95 * 400
    wide = [draw.lognormvariate(0, 0.3) for _ in range(1_001)]
    assert measured["unsure"](wide) < 0.05


def test_the_baseline_is_run_in_every_round_and_the_others_begin_in_turn(
    measured: dict[str, Any],
) -> None:
    ran: list[str] = []

    def way(name: str) -> float:
        ran.append(name)
        return 2.0 if name == "ours" else 1.0

    names = ("plain", "ours", "other")
    found = measured["in_turns"]({n: lambda n=n: way(n) for n in names}, 2, "plain")
    assert ran == ["plain", "ours", "other", "plain", "other", "ours"]
    assert measured["ratio"](found, "ours", "plain") == 2.0


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What writes the page, with what it imports."""
    monkeypatch.syspath_prepend(str(BENCH))
    return runpy.run_path(str(BENCH / "make_page.py"))


def figures(made: dict[str, Any]) -> Any:
    """Return a part of the page with figures that nobody measured."""
    lines = {"ours": [(10.0, 1.0), (1_000.0, 90.0)], "theirs": [(10.0, 1.0), (1_000.0, 92.0)]}
    curves = made["Curves"](stem="grows", title="It grows", along="tasks", up="ms", lines=lines)
    claim = made["Claim"](what="a look", bound="5 ms", seen="1 ms", share=0.2, unsure=0.01)
    return made["Part"](title="The look", text="| a |", claims=(claim,), curves=(curves,))


def test_the_page_has_each_part_and_the_readme_takes_its_promises(made: dict[str, Any]) -> None:
    page = made["page"]([figures(made)])
    assert "## The look\n\n| a |\n\n![It grows](grows.svg)\n\nours: 1 ms at 10 tasks, 90 ms" in page
    assert "| a look | 5 ms | 1 ms | holds |" in page
    readme = made["quoted"]("before\n<!-- claims -->\nold\n<!-- /claims -->\nafter", page)
    assert CLAIMS.search(readme)[1] == CLAIMS.search(page)[1]  # type: ignore[index]
    assert readme.startswith("before\n")
    assert readme.endswith("\nafter")


def test_a_curve_is_drawn_in_light_and_dark_and_no_name_lies_on_another(
    made: dict[str, Any],
) -> None:
    drawn = made["picture"](figures(made).curves[0])
    assert "prefers-color-scheme:dark" in drawn
    names = re.findall(r'y="([\d.]+)" class="s (?:home|fault)">', drawn)
    assert abs(float(names[0]) - float(names[1])) >= 14
    assert len(set(re.findall(r'stroke-dasharray="([^"]*)"', drawn))) == 2  # not by colour alone


def test_others_are_quoted_by_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    said = runpy.run_path(str(BENCH / "others.py"))["Said"](
        output="E   RuntimeError: Task-12 of /srv/me/project/test_a.py:3 at 0x7f00aa\n"
        "E   RuntimeError: Task-12 of /srv/me/project/test_a.py:3 at 0x7f00aa\n"
        "plain words\nWARNING  asyncio:base_events.py:1 Executing it took 0.150 seconds\n"
        "1 failed in 0.10s\n",
        ended=True,
    )
    assert said.lines() == [
        "RuntimeError: Task-… of …/test_a.py:3",
        "Executing it took … s",
    ]
    assert said.last() == "1 failed"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="they are run in turns here")
def test_what_runs_at_once_is_told_apart(measured: dict[str, Any]) -> None:
    before = os.sched_getaffinity(0)
    started: list[tuple[int, subprocess.Popen[bytes]]] = []

    def start(millions: int) -> subprocess.Popen[bytes]:
        counts = f"import os; print(os.sched_getaffinity(0)); sum(range({millions}_000_000))"
        process = subprocess.Popen((sys.executable, "-c", counts), stdout=subprocess.PIPE)
        started.append((millions, process))
        return process

    found = measured["side_by_side"]({"little": partial(start, 1), "much": partial(start, 20)}, 2)
    assert [millions for millions, _ in started] == [1, 20, 20, 1]
    assert all(ratio > 1.5 for ratio in measured["ratios"](found, "much", "little"))
    assert {one.communicate()[0] for _, one in started} == {f"{{{min(before)}}}\n".encode()}
    assert os.sched_getaffinity(0) == before


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="no such count here")
def test_a_run_that_fails_is_no_figure(measured: dict[str, Any]) -> None:
    fails = subprocess.Popen((sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(subprocess.CalledProcessError, match="status 3"):
        measured["used"](fails)
