"""A report of an earlier run: its findings, if the files to change are still the same."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from loopcheck.modes.finding import Finding
from loopcheck.repair.proof import files_of
from loopcheck.repair.test_runs import Run
from loopcheck.report import json as json_words


class ReportError(Exception):
    """One line on why a report does not help here."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says of the project, whose run had its root in *root*."""

    findings: tuple[Finding, ...]
    root: Path

    def args(self) -> Iterator[str]:
        """Yield pytest's arguments that run the tests of the findings."""
        yield f"--rootdir={self.root}"
        for file in files_of(self.findings):
            if (self.root / file).is_file():
                yield str(self.root / file)

    def instead_of(self, run: Run) -> Run:
        """Return *run* with the report's findings, which have edits."""
        return replace(run, findings=self.findings)


def read_report(file: Path, project: Path, here: Path) -> Report:
    """Return the report in *file*; raise `ReportError` if it does not fit the *project*."""
    try:
        text = (here / file).read_text(encoding="utf-8")
        found, _, _ = json_words.read(text)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ReportError(f"{file} can't be read: {reason}.") from None
    except json_words.NotAReport as error:
        raise ReportError(f"{file}: {error}") from None
    digests = json_words.read_digests(text)
    again = f"Make it again: pytest --loopcheck-json={file}"
    if found and not any(one.edits for one in found):
        raise ReportError(f"No finding in {file} has an edit. {again}")
    around = [one for one in (here, *here.parents) if one.is_relative_to(project)]
    names = [*digests, *files_of(found)]
    root = next((one for one in around if all((one / name).exists() for name in names)), None)
    if root is None:
        missing = next(name for name in names if not (around[-1] / name).exists())
        raise ReportError(f"{file} is about {missing}, which is not here. {again}")
    for name, digest in digests.items():
        if hashlib.sha256((root / name).read_bytes()).hexdigest() != digest:
            raise ReportError(
                f"{name} has changed since {file} was made. Nothing was changed. {again}"
            )
    return Report(found, root)
