"""Where the lessons and their solutions are: in a checkout, or in the installed package."""

from pathlib import Path

from loopcheck.lab import exercises
from loopcheck.lab.workbook.copies import lessons


def solution_file(stem: str) -> Path:
    """Return the file that holds the solution of an exercise."""
    package = exercises.of_teams().get(stem)
    return (package.folder if package else lessons()) / "solutions" / f"{stem}.py"


def lesson_stems() -> list[str]:
    """Return the stems of all notebooks of the workbook, in order."""
    return sorted(file.stem for file in lessons().glob("*.ipynb"))
