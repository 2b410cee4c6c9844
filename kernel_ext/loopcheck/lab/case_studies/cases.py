"""Case studies: projects with several faults at once, and the effect of mends and planted bugs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from loopcheck.lab.projects import diffs
from loopcheck.lab.projects.diffs import Diff
from loopcheck.lab.workbook.copies import lessons

Files = dict[str, str]  # text by path


@dataclass(slots=True)
class Case:
    """A project as it was found, and the changes made to it since."""

    found: Files
    mends: dict[str, Diff] = field(default_factory=dict)  # by name, in order
    plants: dict[str, Diff] = field(default_factory=dict)

    def files(self, *, without: str | None = None, planted: str | None = None) -> Files:
        """Return the files with all mends but one, and with one planted bug."""
        changes = [diff for name, diff in self.mends.items() if name != without]
        return _with(self.found, [*changes, *([self.plants[planted]] if planted else [])])

    def as_found(self, planted: str) -> Files:
        """Return the files with no mend at all, and with one planted bug."""
        return _with(self.found, [self.plants[planted]])


def _with(files: Files, changes: list[Diff]) -> Files:
    for diff in changes:
        files = diffs.applied(files, diff)
    return files


def names() -> list[str]:
    """Return the names of all cases."""
    folder = lessons() / "cases"
    return sorted(path.name for path in folder.glob("[a-z]*") if path.is_dir())


def case(name: str) -> Case:
    """Return a case as it was found."""
    folder = lessons() / "cases" / name
    return Case({str(path.relative_to(folder).as_posix()): text for path, text in _texts(folder)})


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of a project, without those that Python and pytest leave there."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(("__pycache__", ".")) for part in inside):
            yield path, path.read_text(encoding="utf-8")
