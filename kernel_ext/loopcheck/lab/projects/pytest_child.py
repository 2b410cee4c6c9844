"""pytest in a child process, on the files of a project: `%pytest`."""

import codecs
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loopcheck.case import journal
from loopcheck.children.process_tree import MOST_OUTPUT, pytest_run
from loopcheck.lab.projects import output_masks
from loopcheck.report import json
from loopcheck.source.settings_names import NAMES

PLUGINS = ("pytest_asyncio.plugin", "loopcheck.plugin", "loopcheck.lab.projects.plain_frames")
PROGRESS = "loopcheck.lab.projects.progress_file"  # by name: pytest wants to import it first
# Without this option pytest-asyncio prints a paragraph in every run. A lesson about the option sets
# it.
UNSET = 'ignore:The configuration option "asyncio_default_fixture_loop_scope" is unset'
UNEXPLAINED = "%pytest {0} was left unexplained. To have it explained: %pytest {0}"
PLAIN = ("-q", "--color=no", "--tb=short", "-p", "no:cacheprovider")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run went, apart from what it printed."""

    notes: str  # of the process: cut, ended, left behind
    counts: str = ""  # of its tests; empty if no test ran, or nobody counted


def command(folder: Path, report: Path, args: Sequence[str]) -> list[str]:
    """Return the command that runs the tests in *folder* and writes findings to *report*."""
    plugins = [part for name in PLUGINS for part in ("-p", name)]
    place = [f"--rootdir={folder}", f"--confcutdir={folder}"]
    if not any((folder / name).exists() for name in NAMES):
        place += ["-c", os.devnull, "-W", UNSET]  # ignore config files above the folder
    keep = ["--loopcheck-keep", f"--loopcheck-json={report}"]
    style = ["-o", "console_output_style=classic"]  # no percentages, which need a full line
    return [sys.executable, "-m", "pytest", *plugins, *PLAIN, *style, *place, *keep, *args]


def run(
    folder: Path,
    args: Sequence[str],
    *,
    seconds: float,
    say: Callable[[str], None],
    explain: bool = True,
) -> Ran:
    """Run pytest in *folder*, and pass its output to `say` as it comes."""
    report = folder.with_name(f".{folder.name}.json")
    progress = folder.with_name(f".{folder.name}.progress")
    for file in (report, progress):
        file.unlink(missing_ok=True)
    line = command(folder, report, ["-p", PROGRESS, f"--loopcheck-lab-progress={progress}", *args])
    try:
        with pytest_run(line, folder=folder, seconds=seconds) as child:
            for text in _words(child.output()):
                say(output_masks.mask(text, [str(folder)]))
            ended, cut = child.ended(), child.cut
    finally:
        progress.unlink(missing_ok=True)
    counts = ""
    if explain:
        before = journal.last()
        keep_findings(report, f"%pytest {folder.name}", folder)
        latest = journal.last()
        counts = _counted(latest) if latest is not before else ""
    else:
        report.unlink(missing_ok=True)
        said = UNEXPLAINED.format(folder.name)
        journal.add(journal.Run(source=f"%pytest {folder.name}", unexplained=said))
    notes = [f"output cut at {MOST_OUTPUT // 1024} KiB"] if cut else []
    if ended.why == "timeout":
        counts = "no end, and the run was ended"
        notes.append(f"ended after {seconds:g} s; %pytest {folder.name} --seconds N gives it more")
    elif ended.code is not None and ended.code < 0:
        notes.append(f"signal {-ended.code} ended the process")
    if ended.left:
        notes.append(f"{ended.left} process{'es' if ended.left > 1 else ''} left behind, now ended")
    return Ran("; ".join(notes), counts)


def _counted(run: journal.Run | None) -> str:
    if run is None or not run.tests:  # pytest only collected, say
        return ""
    tests = f"{run.tests} test{'s' if run.tests > 1 else ''}"
    return f"{run.failed} of {tests} failed" if run.failed else "no test failed"


def _words(chunks: Iterator[bytes]) -> Iterator[str]:
    """Yield complete lines, and a partial line when nothing more comes for a while."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    for chunk in chunks:
        rest += decoder.decode(chunk)
        cut = len(rest) if not chunk else rest.rfind("\n") + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def keep_findings(report: Path, source: str, folder: Path | None = None) -> bool:
    """Store the child's findings where `%loopcheck why` looks; return whether there are any."""
    try:
        said = report.read_text(encoding="utf-8")
        found, timeline, counts = json.read(said)
    except (FileNotFoundError, json.NotAReport):  # pytest never started: its own message says why
        return False
    journal.add(
        journal.Run(
            source=source,
            findings=found,
            timeline=timeline,
            fixtures=json.read_fixtures(said),
            root=str(folder or ""),
            tests=counts["tests"],
            failed=counts["failed"],
        )
    )
    return bool(found)
