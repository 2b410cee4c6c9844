"""Case studies: what the magics make of a small one, and what each mend of the real ones does.

A journey tells that every mend matters and that no test noticed a bug before: its tables say so.
"""

import json
import re
import sys
from pathlib import Path

import pytest
from shells import Cells  # type: ignore[import-not-found]

import loopcheck.servers
from loopcheck.lab.case_studies import case_runs, case_words, cases
from loopcheck.lab.case_studies.cases import Case
from loopcheck.lab.projects import diffs

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FILES = {
    "cart.py": "def price(tea):\n    return 3\n\n\ndef tax(tea):\n    return 1\n",
    "test_cart.py": "import cart\n\n\ndef test_price():\n    assert cart.price('tea') == 4\n",
    "tests/__pycache__/old.txt": "left by a run",
}
MEND = "# file: cart.py\n def price(tea):\n-    return 3\n+    return 4\n"
TEST_TAX = (
    "# file: test_cart.py\n     assert cart.price('tea') == 4\n"
    "+\n+\n+def test_tax():\n+    assert cart.tax('tea') == 1\n"
)
NO_TAX = "# file: cart.py\n def tax(tea):\n-    return 1\n+    return 0\n"
# Found green, by design. What its handler swallows, Python tells from 3.12 on: no table says it.
QUIET = frozenset({"limiter"})


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a case called `cart` the only one."""
    for name, text in FILES.items():
        file = tmp_path / "cases" / "cart" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(cases, "lessons", lambda: tmp_path)


@pytest.mark.usefixtures("small")
def test_a_case_is_taken_shown_run_mended_and_proved(cells: Cells) -> None:
    assert cells("%case cart").splitlines() == [
        "cart, as it was found:",
        "  cart.py         6 lines",
        "  test_cart.py    5 lines",
    ]
    assert cells("%case cart cart.py 5-6") == "5  def tax(tea):\n6      return 1\n"
    assert "1 failed" in cells("%pytest cart")
    assert cells(f"%%mend cart price\n{MEND}") == "cart: price (cart.py)\n"
    assert cells(f"%%mend cart price\n{MEND}") == "cart: price (cart.py)\n"  # nothing is left to do
    assert "1 passed" in cells("%pytest cart")
    assert cells(f"%%plant cart no-tax\n{NO_TAX}") == "no-tax: 1 passed. Nobody noticed.\n"
    assert "5  def tax(tea):\n6      return 1\n" in cells("%case cart cart.py")
    proof = [line.split("  ") for line in cells("%case cart --proof").splitlines()]
    assert [[part.strip() for part in line if part.strip()] for line in proof[-5:]] == [
        ["as found", "1 failed", "nothing"],
        ["all mended", "1 passed", "nothing"],
        ["without price", "1 failed", "nothing"],
        ["no-tax, as found", "1 failed", "nothing"],
        ["no-tax, mended", "1 passed", "nothing"],
    ]
    cells("%case cart")
    assert "1 failed" in cells("%pytest cart")  # taken again, it is as it was found


@pytest.mark.usefixtures("small", "warm")
def test_a_bug_that_a_test_notices_is_told_with_the_test(cells: Cells) -> None:
    cells("%case cart")
    cells(f"%%mend cart price\n{MEND}")
    dear = "# file: cart.py\n def price(tea):\n-    return 4\n+    return 9\n"
    assert cells(f"%%plant cart dear\n{dear}") == "dear: 1 failed. Caught by test_price.\n"


@pytest.mark.usefixtures("small", "warm")
def test_what_is_red_without_the_bug_did_not_notice_it(cells: Cells) -> None:
    cells("%case cart")
    said = cells(f"%%plant cart no-tax\n{NO_TAX}")
    assert said == "no-tax: 1 failed, the same without it. Nobody noticed.\n"


@pytest.mark.usefixtures("small", "warm")
def test_of_what_is_red_only_what_the_bug_made_red_noticed_it(cells: Cells) -> None:
    cells("%case cart")
    cells(f"%%mend cart a-test\n{TEST_TAX}")
    said = cells(f"%%plant cart no-tax\n{NO_TAX}")
    assert said == "no-tax: 2 failed. Caught by test_tax.\n"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("%case crat", "%case: no case `crat`: there are cart. Did you mean cart?"),
        ("%case", "%case: it needs NAME. Write: %case NAME [FILE [10-25]], or %case NAME --proof"),
        (
            "%case cart cart.py",
            "%case cart: this kernel doesn't have it yet. Run %case cart first.",
        ),
        (
            "%case cart --proof",
            "%case --proof cart: this kernel doesn't have it yet. Run %case cart first.",
        ),
        (
            f"%%mend cart price\n{MEND}",
            "%%mend cart: this kernel doesn't have it yet. Run %case cart first.",
        ),
        ("%%plant nope x\n+", "%%plant nope: this kernel doesn't have it yet. There are cart."),
    ],
)
def test_wrong_input_is_one_line(cells: Cells, cell: str, line: str) -> None:
    assert cells(cell) == f"UsageError: {line}\n"


@pytest.mark.usefixtures("small", "warm")
@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("%case cart crat.py", "no file `crat.py`: there are cart.py, test_cart.py. Did you"),
        ("%case cart cart.py 5-9", "no lines `5-9` in cart.py: it has 1-6."),
        ("%case cart cart.py five", "no lines `five` in cart.py: it has 1-6."),
        (
            "%%mend cart\n+",
            "it needs what-it-does. Write: %%mend NAME what-it-does, and a diff below",
        ),
        ("%%mend cart x\n+a", "line 1 comes before the first `# file: path` line."),
        (f"%%mend cart y\n{MEND.replace('3', '7')}", "does not have these lines"),
        (f"%%plant cart y\n{MEND.replace('3', '7')}", "does not have these lines"),
    ],
)
def test_wrong_input_about_a_taken_case_is_one_line(cells: Cells, cell: str, line: str) -> None:
    cells("%case cart")
    said = cells(cell)
    assert said.startswith("UsageError: ")
    assert said.count("\n") == 1
    assert line in said
    assert "1 failed" in cells("%pytest cart")


def test_the_proof_names_what_each_python_can_name() -> None:
    states = {
        name: case_runs.Outcome(summary="2 passed", failed=(), codes=codes)
        for name, codes in (("one", ("LC502",)), ("both", ("LC501", "LC502")))
    }
    table, _ = case_words.proof("cart", states)
    assert [line.split()[-1] for line in table.splitlines()[-2:]] == ["nothing", "LC501"]


HANGS = """
import asyncio
import pytest

@pytest.mark.asyncio
async def test_it_waits():
    await asyncio.Event().wait()
"""


def test_a_state_that_hangs_is_ended_and_named() -> None:
    [seen] = case_runs.outcomes([{"test_it.py": HANGS}])
    assert (seen.summary, seen.codes) == ("1 failed", ("LC203",))


def journeys() -> dict[str, Case]:
    """Return the cases with the mends and plants that the notebook tells."""
    found = {name: cases.case(name) for name in cases.names()}
    for notebook in sorted(NOTEBOOKS.glob("91_*.ipynb")):
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            first, _, body = "".join(cell["source"]).partition("\n")
            match first.split():
                case ["%%mend", str(name), str(title)]:
                    found[name].mends[title] = diffs.read(body)
                case ["%%plant", str(name), str(title)]:
                    found[name].plants[title] = diffs.read(body)
    return found


JOURNEYS = journeys()


def proofs() -> dict[str, dict[str, tuple[str, str]]]:
    """Return the stored tables: each state of a case, what pytest said, and what was named.

    nbval runs all of these states and compares; here it is asked what they prove.
    """
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for notebook in sorted(NOTEBOOKS.glob("91_*.ipynb")):
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            last = "".join(cell["source"]).split("\n")[-1].split()
            if last[:1] == ["%case"] and last[2:] == ["--proof"]:
                [shown] = cell["outputs"]
                lines = "".join(shown["data"]["text/plain"]).splitlines()[2:]
                rows = [re.split(" {2,}", line.strip()) for line in lines]
                found[last[1]] = {state: (said, named) for state, said, named in rows}
    return found


PROOFS = proofs()


def red(said: str) -> bool:
    return "failed" in said or "error" in said


def test_each_case_is_proved() -> None:
    assert PROOFS.keys() == JOURNEYS.keys()


@pytest.mark.parametrize("name", JOURNEYS)
def test_each_mend_of_a_case_matters_and_bugs_are_noticed_at_the_end(name: str) -> None:
    case, seen = JOURNEYS[name], dict(PROOFS[name])
    assert len(case.mends) >= 3
    assert case.plants
    mended, found = seen.pop("all mended"), seen.pop("as found")
    assert not red(mended[0])
    assert mended[1] == "nothing"
    assert (red(found[0]) or found[1] != "nothing") == (name not in QUIET)
    for bug in case.plants:
        assert red(seen.pop(f"{bug}, mended")[0]), bug
        assert seen.pop(f"{bug}, as found")[0] == found[0], bug  # nobody noticed
    for mend in case.mends:
        said, named = seen.pop(f"without {mend}")
        assert red(said) or named != "nothing", mend
    assert not seen


@pytest.mark.skipif(sys.version_info < (3, 12), reason="tells nobody what a handler took")
def test_newer_pythons_tell_what_the_quiet_case_swallows(monkeypatch: pytest.MonkeyPatch) -> None:
    server = loopcheck.servers.start_valkey()
    monkeypatch.setenv("VALKEY_URL", server.url)
    try:
        [seen] = case_runs.outcomes([JOURNEYS["limiter"].found])
    finally:
        server.stop()
    assert not seen.red
    assert seen.codes
