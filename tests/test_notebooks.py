"""Lessons keep their order, and store only what a reader may see and a machine can repeat."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loopcheck.modes.edits import has_fixes

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
LESSONS = sorted(NOTEBOOKS.glob("lc*.ipynb"))
ALL = sorted(NOTEBOOKS.glob("*.ipynb"))

Cell = dict[str, Any]
Notebook = dict[str, Any]

FULL = (101, 102, 103, 106, 107, 201, 202, 203, 205, 301, 401, 404, 405, 502, 505, 603)
# With a guess, a try-it and a look at the live panel, of two cells each; files for later, of one.
MOST_FULL, MOST_SHORT = 28, 17
# A learner types in one of the first code cells: set-up, project, run, what loopcheck says, try-it.
FIRST_TYPED, TYPED = 5, ("%guess", "%%tryit", "%%exercise", "%diagnose")
# A reader's pace, in seconds; output and logs are only half read. Running the cells is not counted.
A_WORD, A_LINE, SOON = 60 / 200, 3, 120
FOLDED = re.compile(r"<details>\s*<summary>(.*?)</summary>.*?</details>", re.DOTALL)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
AS_GIVEN = "As given: "
ORDER = (
    "You saw this",
    "Predict",
    "See it fail",
    "Look",
    "Why",
    "Fix",
    "Prove",
    "What does not fix it",
    "Your turn",
    "In your project",
)
FIXED = ("You saw this", "Why", "Fix", "Your turn")
UNSTORED, RAISES = "nbval-ignore-output", "raises-exception"
PICTURE = re.compile(r"data:image/[^\"')\s]+")
UNSTABLE = {
    "an address": re.compile(r"\b0x[0-9A-Fa-f]{4,}"),
    # "0.1 s or more" and a lock's "taken here, for 0.3 s" are settings
    "a duration": re.compile(
        r"(?<!\bfor )(?<!\bfor\n {9})\b\d+\.\d+ ?(?:s|ms|seconds)\b(?! or more)"
    ),
    "a path of one machine": re.compile(
        r"(?<![\w.:/<])/(?:home|root|tmp|opt|usr|var|Users|private|work|mnt)\b/?|\b[A-Za-z]:\\\w"
    ),
    "a process id": re.compile(r"\b(?i:pid)[ =:]+\d+"),
    "a port": re.compile(r"\b(?:127\.0\.0\.1|localhost|::1)'?(?::|, )\d{5}\b"),
    "a random module name": re.compile(r"\bt_[0-9a-f]{32}"),
    "a thread's or task's running number": re.compile(r"\b(?:Thread|Task)-\d+"),
}


def code_cells(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def source(cell: Cell) -> str:
    return "".join(cell["source"])


def tags(cell: Cell) -> list[str]:
    found: list[str] = cell["metadata"].get("tags", [])
    return found


def stored(cell: Cell) -> Iterator[str]:
    """Yield each text that the cell's outputs hold, pictures left out."""
    for output in cell["outputs"]:
        texts = [output.get("text", ""), output.get("evalue", ""), *output.get("data", {}).values()]
        for text in texts + output.get("traceback", []):
            whole = text if isinstance(text, str) else "".join(text)
            yield PICTURE.sub("", whole)


def headings(notebook: Notebook) -> list[str]:
    """Return the level-two headings in order."""
    texts = [source(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    return [line[3:].strip() for text in texts for line in text.splitlines() if line[:3] == "## "]


def untidy(notebook: Notebook) -> Iterator[str]:
    """Yield what any notebook here must not be."""
    if notebook["metadata"].get("kernelspec", {}).get("name") != "python3":
        yield "its kernelspec is not python3"
    if notebook["metadata"].get("language_info", {}).keys() - {"name"}:
        yield "its language_info changes with whoever ran it last: run `make notebooks`"
    ids = [cell.get("id") for cell in notebook["cells"]]
    if None in ids or len(set(ids)) < len(ids):
        yield "its cells need ids, each another: copies are brought up to date by cell id"
    counts = [cell["execution_count"] for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"its cells were not run in order, each once: {counts}"
    for cell in code_cells(notebook):
        yield from (f"cell {cell['execution_count']}: {fault}" for fault in _untidy_cell(cell))


def _untidy_cell(cell: Cell) -> Iterator[str]:
    exercise = source(cell).startswith("%%exercise")
    error = any(output["output_type"] == "error" for output in cell["outputs"])
    if exercise and cell["outputs"]:
        yield "an exercise that stores its output"
    if exercise != (UNSTORED in tags(cell)):
        yield f"tag {UNSTORED} is for exercises, all of them and no other cell"
    if error != (RAISES in tags(cell)):
        yield (
            "an error without the tag raises-exception" if error else "tagged, but stores no error"
        )
    if source(cell).startswith("%%tryit") and not "".join(stored(cell)).startswith(AS_GIVEN):
        yield "a try-it that does not hold the lines as they are given"
    if re.search(r"(?i)#\s*nbval_", source(cell)):
        yield "a comment that tells nbval to look away"
    for text in stored(cell):
        for name, pattern in UNSTABLE.items():
            if found := pattern.search(text):
                yield f"stores {name}: {found[0]!r}"


def words(text: str) -> int:
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def lines(code: str) -> int:
    return sum(bool(line.strip()) and not line.startswith("# file: ") for line in code.splitlines())


def seconds_before_typing(notebook: Notebook) -> float:
    """Return how long a learner reads before the first cell into which they type."""
    seconds = 0.0
    for cell in notebook["cells"]:
        text = source(cell)
        if cell["cell_type"] == "code":
            if text.startswith(TYPED):
                return seconds + A_LINE * lines(text) * text.startswith("%%tryit")
            shown = (
                out.get("text") or out.get("data", {}).get("text/plain", "")
                for out in cell["outputs"]
            )
            printed = " ".join("".join(one) for one in shown)
            seconds += A_LINE * lines(text) + A_WORD * words(printed) / 2
            continue
        text = FOLDED.sub(r"\1", text)
        for language, block in FENCED.findall(text):
            is_code = language not in ("", "text", "console")
            seconds += A_LINE * lines(block) if is_code else A_WORD * words(block) / 2
        seconds += A_WORD * words(re.sub(r"\]\(.*?\)", "]", FENCED.sub("", text)))
    return seconds


def out_of_order(notebook: Notebook, number: int) -> Iterator[str]:
    """Yield where a lesson leaves the frame that all lessons share."""
    first = source(notebook["cells"][0]).splitlines()[0]
    if not re.fullmatch(rf"# LC{number} · [a-z0-9-]+", first):
        yield f"its title is {first!r}, not '# LC{number} · slug'"
    parts = [heading for heading in headings(notebook) if heading in ORDER]
    if sorted(parts, key=ORDER.index) != parts:
        yield f"its parts come as {parts}"
    yield from (f"it has no part '## {part}'" for part in FIXED if part not in parts)
    if "What does not fix it" not in parts:
        yield "it does not show which remedies fail"
    magics = [source(cell).split()[0] for cell in code_cells(notebook) if source(cell).strip()]
    if magics.count("%%exercise") != 1:
        yield f"it has {magics.count('%%exercise')} exercises, not one"
    typed = [at for at, magic in enumerate(magics, 1) if magic in TYPED]
    if "%%tryit" not in magics and "Predict" not in parts:
        yield "the learner neither predicts nor tries anything"
    if "Predict" in parts and magics[1:2] != ["%guess"]:
        yield "no `%guess` after its Predict: the learner types it before the first run"
    if number in FULL and "%%tryit" not in magics:
        yield "a full lesson, and it has no try-it"
    if "%%tryit" in magics and typed[0] > FIRST_TYPED:
        yield f"the learner types nothing before code cell {typed[0]}, {FIRST_TYPED} is the last"
    if (seconds := seconds_before_typing(notebook)) > SOON:
        yield f"the learner reads for {seconds:.0f} s before typing: shorten it, or let them guess"
    given_away = {"%hint", "%solution"}.intersection(magics)
    yield from (f"{magic} is a cell: Run All would open it" for magic in sorted(given_away))
    most = MOST_FULL if number in FULL else MOST_SHORT
    if len(notebook["cells"]) > most:
        yield f"it has {len(notebook['cells'])} cells, {most} are the most"


def read(file: Path) -> Notebook:
    notebook: Notebook = json.loads(file.read_text(encoding="utf-8"))
    return notebook


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
def test_a_notebook_stores_what_any_machine_would(file: Path) -> None:
    faults = list(untidy(read(file)))
    assert not faults, "\n" + "\n".join(f"{file.name}: {fault}" for fault in faults)


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_keeps_the_order_that_learners_know(file: Path) -> None:
    faults = list(out_of_order(read(file), int(file.stem[2:5])))
    assert not faults, "\n" + "\n".join(f"{file.name}: {fault}" for fault in faults)


def cell(source: str, number: int | None = 1, tag: str = "", **output: object) -> Cell:
    """Return a code cell; *output* is its only one."""
    return {
        "id": f"cell-{number}",
        "cell_type": "code",
        "source": source,
        "metadata": {"tags": [tag]} if tag else {},
        "execution_count": number,
        "outputs": [output] if output else [],
    }


def test_a_learner_reads_all_that_is_not_folded_before_they_type() -> None:
    text = "Two words.\n\n```text\na log\n```\n\n<details><summary>Why</summary>Later.</details>"
    before = [{"cell_type": "markdown", "source": text}, cell("a = 1\n\nb = 2"), printed("a log")]
    after = [cell("%guess"), cell("c = 3")]
    seconds = seconds_before_typing(notebook(*before, *after))
    assert seconds == pytest.approx(A_WORD * (2 + 1 + 2 / 2 + 2 / 2) + A_LINE * 3)


def notebook(*cells: Cell) -> Notebook:
    return {"cells": list(cells), "metadata": {"kernelspec": {"name": "python3"}}}


def printed(text: str) -> Cell:
    return cell("show()", output_type="stream", name="stdout", text=[text])


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        (cell("run()", None), "not run in order"),
        (cell("run()", 2), "not run in order"),
        (cell("boom()", tag=RAISES), "stores no error"),
        (cell("boom()", output_type="error", evalue="x", traceback=[]), "without the tag"),
        (cell("%%exercise x"), UNSTORED),
        (cell("run()", tag=UNSTORED), UNSTORED),
        (cell("# NBVAL_IGNORE_OUTPUT\nrun()"), "look away"),
        (cell("%%tryit pond pond.py:5\n    return 0"), "as they are given"),
        (printed("<object at 0x7f12ab34>"), "an address"),
        (printed("1 passed in 0.12s"), "a duration"),
        (printed("/usr/lib/x.py:3: Error"), "a path"),
        (printed(r"C:\Temp\x.py"), "a path"),
        (printed("pid 4711"), "a process id"),
        (printed("refused by 127.0.0.1:45123"), "a port"),
        (printed("<Task pending name='Task-12'>"), "running number"),
    ],
)
def test_a_planted_fault_is_named(planted: Cell, told: str) -> None:
    assert [fault for fault in untidy(notebook(planted)) if told in fault]


@pytest.mark.parametrize(
    "fine",
    [
        cell("run()"),
        cell("boom()", tag=RAISES, output_type="error", evalue="x", traceback=[]),
        cell("%%exercise x", tag=UNSTORED),
        printed('<img src="data:image/svg+xml;base64,AA0xabcdef01/tmp/x">'),
        printed("`time.sleep` blocked the event loop for 0.1 s or more, in one step."),
        printed("`store.lock` ran out: it was taken at till.py:2, for 0.3 s."),
        printed("1 passed, and/or 3.11, <b>x</b></td>, tests/test_x.py:3, port 6379"),
    ],
)
def test_a_tidy_cell_is_left_alone(fine: Cell) -> None:
    assert list(untidy(notebook(fine))) == []


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_names_the_command_that_mends_where_there_is_one(file: Path) -> None:
    cells = json.loads(file.read_text("utf-8"))["cells"]
    [text] = [source(one) for one in cells if source(one).startswith("## In your project")]
    assert ("`loopcheck fix`" in text) == has_fixes(file.stem[:5].upper())
