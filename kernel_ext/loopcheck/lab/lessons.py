"""Where the lessons and their solutions are: in a checkout, or in the installed package."""

from pathlib import Path

from loopcheck.lab.copies import lessons


def solution_file(stem: str) -> Path:
    """Return the file that holds the solution of an exercise."""
    return lessons() / "solutions" / f"{stem}.py"


def lesson_stems() -> list[str]:
    """Return the stems of all notebooks of the workbook, in order."""
    return sorted(file.stem for file in lessons().glob("*.ipynb"))
