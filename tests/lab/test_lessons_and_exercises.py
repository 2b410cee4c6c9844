"""A lesson asks for what its exercise grades: the same skeleton, the same frozen files."""

import json
from pathlib import Path

import pytest

from loopcheck.lab.exercises import load, stems

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def sources(stem: str, kind: str) -> list[str]:
    notebook = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == kind]
    return ["".join(cell["source"]) for cell in cells]


@pytest.mark.parametrize("stem", stems())
def test_the_exercise_cell_holds_the_skeleton(stem: str) -> None:
    [cell] = [source for source in sources(stem, "code") if source.startswith("%%exercise")]
    head, _, answer = cell.partition("\n")
    assert head == f"%%exercise {stem[:5].upper()}"
    assert answer.rstrip("\n") == load(stem).skeleton.rstrip("\n")


@pytest.mark.parametrize("stem", stems())
def test_the_lesson_says_the_task_and_shows_the_frozen_files(stem: str) -> None:
    texts = "\n".join(sources(stem, "markdown"))
    exercise = load(stem)
    assert exercise.task.rstrip(".") in texts
    for name, frozen in exercise.frozen.items():
        assert name in texts
        assert frozen.rstrip("\n") in texts
