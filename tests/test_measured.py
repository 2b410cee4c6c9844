"""The pages of what was measured: whole, and quoted as they are. `make bench` and `make accuracy`
write them; nothing is measured here.
"""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from loopcheck.modes import catalogue

ROOT = Path(__file__).parents[1]
BENCH = ROOT / "tests" / "bench"
COSTS, ACCURACY = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "accuracy.md"
CLAIMS = re.compile(r"<!-- claims -->\n(.*?)<!-- /claims -->", re.DOTALL)
ASKED = ("pytest alone", "asyncio's debug mode", "pyleak", "aiomonitor", "**loopcheck**")


def claims(page: Path) -> str:
    found = CLAIMS.search(page.read_text(encoding="utf-8"))
    assert found is not None, page
    return found[1]


def test_the_readme_quotes_the_benchmarks() -> None:
    assert claims(ROOT / "README.md") == claims(COSTS)


def test_each_promise_has_a_bound_and_a_verdict() -> None:
    rows = [line.strip("| ").split(" | ") for line in claims(COSTS).splitlines()[2:]]
    assert len(rows) >= 5
    for what, bound, seen, verdict in rows:
        assert what
        assert bound
        assert seen
        assert verdict.startswith(("holds", "does not hold", "too noisy to judge"))


def test_the_page_says_on_what_and_when() -> None:
    assert re.search(
        r"^\d{4}-\d\d-\d\d, .* \d+ cores, Python 3\.\d+", COSTS.read_text("utf-8"), re.MULTILINE
    )


def test_each_picture_is_there_with_its_words() -> None:
    pictures = re.findall(r"!\[(.+)\]\((.+\.svg)\)\n\n(.+)", COSTS.read_text(encoding="utf-8"))
    assert len(pictures) == 3
    for title, file, told in pictures:
        drawn = (COSTS.parent / file).read_text(encoding="utf-8")
        assert title in drawn
        assert "prefers-color-scheme:dark" in drawn
        assert told


def test_every_mode_is_compared() -> None:
    sections = ACCURACY.read_text(encoding="utf-8").split("\n### ")[1:]
    heads = [section.split("\n", 1)[0] for section in sections]
    assert heads == [f"{mode.code} {mode.slug}" for mode in catalogue.modes()]
    for section in sections:
        for asked in ASKED:
            assert f"\n| {asked} | `" in section, section.split("\n", 1)[0]


def test_no_page_holds_an_address_or_a_folder_of_the_machine() -> None:
    for page in (COSTS, ACCURACY):
        said = page.read_text(encoding="utf-8")
        assert not re.search(r"0x[0-9a-f]{6,}|/tmp/|/home/|/root/|site-packages", said), page


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.syspath_prepend(str(BENCH))
    return runpy.run_path(str(BENCH / "measured.py"))


def verdict(measured: dict[str, Any], share: float, spread: float) -> str:
    claim = measured["Claim"](what="it", bound="1", seen="1", share=share, spread=spread)
    return str(claim.verdict())


def test_what_is_nearer_to_its_bound_than_the_noise_is_not_judged(measured: dict[str, Any]) -> None:
    assert verdict(measured, 0.99, 0.02) == "holds"
    assert verdict(measured, 1.01, 0.02) == "does not hold"
    assert verdict(measured, 0.99, 0.09) == "too noisy to judge: the same run differs by 9%"
    assert verdict(measured, 0.5, 0.09) == "holds"
    assert verdict(measured, 2.0, 0.09) == "does not hold"


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
