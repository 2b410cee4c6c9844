"""Planted faults: each mutation is what its kind says, and the page counts a miss as one."""

import ast
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))  # no package: each script runs alone
pytest.importorskip("resource")  # no Windows: try_others measures processor time
import mutations  # noqa: E402
import try_mutants  # noqa: E402
import try_real  # noqa: E402

SHOP = """\
import asyncio
from unittest.mock import AsyncMock, patch

import pytest_asyncio
from bank import charge


@pytest_asyncio.fixture
async def till():
    one = await open_till()
    yield one
    await one.aclose()


async def pay(till, é="é"):
    try:
        await till.take(
            3,
        )
    except Exception:
        await asyncio.sleep(0.5)
    with patch("shop.charge"):
        till.book = AsyncMock()
"""
CHANGES = [
    ("await dropped", 10, "    one = open_till()"),
    ("await dropped", 12, "    one.aclose()"),
    ("await dropped", 17, "        till.take("),
    ("await dropped", 21, "        asyncio.sleep(0.5)"),
    ("sleep that blocks", 21, "        time.sleep(0.5)"),
    ("sleep too short", 21, "        await asyncio.sleep(0)"),
    ("MagicMock for AsyncMock", 23, "        till.book = MagicMock()"),
    ("fixture widened", 8, '@pytest_asyncio.fixture(scope="module")'),
    ("close dropped", 12, "    pass"),
    ("closed early", 11, "    await one.aclose()"),
    ("cancellation swallowed", 20, "    except BaseException:"),
    ("patched where defined", 22, "    with patch('bank.charge'):"),
]


def planted() -> dict[tuple[str, int], mutations.Mutation]:
    defined = mutations.imported_names("shop", SHOP)
    return {(one.kind, one.line): one for one in mutations.mutations(SHOP, defined)}


def test_every_kind_of_fault_is_planted_and_nothing_else() -> None:
    assert planted().keys() == {(kind, line) for kind, line, _ in CHANGES}
    assert {kind for kind, _ in planted()} | {"AsyncMock for MagicMock", "AsyncMock for Mock"} == (
        try_mutants.KINDS.keys()
    )


@pytest.mark.parametrize(("kind", "line", "now"), CHANGES)
def test_a_fault_changes_its_line_and_moves_no_other(kind: str, line: int, now: str) -> None:
    one = planted()[kind, line]
    ast.parse(one.text)
    lines = one.text.splitlines()
    assert lines[line - 1] == now
    assert len(lines) == len(SHOP.splitlines())


def test_the_mutant_imports_what_it_needs() -> None:
    assert "import asyncio; import time\n" in planted()["sleep that blocks", 21].text
    mocks = planted()["MagicMock for AsyncMock", 23].text
    assert "from unittest.mock import MagicMock, AsyncMock, patch\n" in mocks


def test_what_is_not_closed_any_more_may_be_named_where_it_was_made() -> None:
    assert planted()["close dropped", 12].places == (12, 10)


def test_the_choice_takes_each_kind_in_turn_and_is_that_of_its_seed() -> None:
    found = [(Path("shop.py"), one) for one in planted().values()]
    kinds = [one.kind for _, one in try_mutants.choice(found, 1, 9)]
    assert sorted(kinds) == sorted({kind for kind, _, _ in CHANGES})
    chosen = try_mutants.choice(found, 1, 4)
    assert chosen == try_mutants.choice(found, 1, 4)
    assert len(try_mutants.choice(found, 1, 100)) == len(CHANGES)


def found(line: int, part: str = "where", file: str = "shop.py") -> dict[str, Any]:
    return {"code": "LC202", "certainty": "certain", part: {"file": file, "line": line}}


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([], "silent"),
        ([found(12)], "named"),
        ([found(8)], "named"),  # two lines from where it was made
        ([found(11, file="other.py")], "elsewhere"),
        ([found(22)], "elsewhere"),
        ([found(22), found(12)], "shown"),
        ([found(12, "used_at")], "shown"),
    ],
)
def test_a_finding_names_the_planted_line_or_not(
    findings: list[dict[str, Any]], verdict: str
) -> None:
    one = planted()["close dropped", 12]
    assert try_mutants.verdict("shop.py", one, findings) == verdict


def run(*findings: dict[str, Any], hangs: bool = False, **ended: str) -> try_real.Run:
    return try_real.Run(ended=ended, hangs=hangs, said="", findings=list(findings))


def test_what_the_healthy_project_has_too_does_not_count() -> None:
    healthy = (run(a="passed", b="failure"), run(found(12), a="passed", b="failure"))
    one = planted()["close dropped", 12]
    for plain, ended in (
        (run(a="passed", b="failure"), "passes"),
        (run(a="failure", b="failure"), "fails"),
        (run(), "fails"),
        (run(hangs=True), "hangs"),
    ):
        judged = try_mutants.judged("shop.py", one, healthy, plain, run(found(12), found(40)))
        assert judged.ended == ended
        assert judged.findings == ["LC202 certain shop.py:40"]
        assert judged.verdict == "elsewhere"


def test_the_page_is_the_one_of_what_was_measured() -> None:
    projects = try_mutants.read_projects()
    page = try_mutants.PAGE.read_text("utf-8")
    assert page == try_mutants.page(projects, try_mutants.saved())
    assert "## Planted and not named" in page


def test_a_project_that_is_not_there_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["try_mutants.py", "nobody"])
    assert try_mutants.main() == 2
    assert capsys.readouterr().out.startswith("No project nobody: there are aiojobs, ")
