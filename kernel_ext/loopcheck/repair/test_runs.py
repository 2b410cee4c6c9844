"""Runs of pytest in a process of its own, with loopcheck or as they are; mostly in a copy."""

import json
import math
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loopcheck.children.process_tree import Child
from loopcheck.modes.finding import Finding
from loopcheck.repair.outcome_recorder import OUTCOMES, SEED
from loopcheck.repair.project_copy import ProjectCopy, import_paths
from loopcheck.report import json as json_words
from loopcheck.report.hang import LEAD as AFTER_THE_END

RECORDER = "loopcheck.repair.outcome_recorder"
NO_AUTOLOAD = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
# They choose among tests by the outcomes of earlier runs, or stop at the first failure.
CHOOSING = frozenset(
    {"--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--new-first", "-x", "--exitfirst"}
    | {"--sw", "--stepwise", "--sw-skip", "--stepwise-skip"}
)
# Seconds for the process after its tests have ended: after 5 the plugin says what holds it.
AFTERWARDS = 8.0
MOST_OUTPUT = 4000  # characters of a run's output that are kept, to say why it failed


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of pytest showed."""

    outcomes: Mapping[str, str]  # by test, relative to pytest's root
    errors: Mapping[str, str]  # of tests, and of files that can't be collected
    findings: tuple[Finding, ...]
    root: Path  # pytest's, in the copy
    places: tuple[str, ...]  # the words of the command that name files and tests
    seconds: float
    why: str = "exit"  # "timeout": it took too long
    code: int | None = 0
    output: str = ""
    settings: Path | None = None  # pytest's file of them
    # What the plugin says if the process would not end after its tests, and no finding says it.
    held: str = ""

    @property
    def ended(self) -> bool:
        """True if pytest came to its end and wrote what happened."""
        return self.why == "exit" and bool(self.outcomes or self.errors)

    def count(self, outcome: str) -> int:
        return sum(one == outcome for one in self.outcomes.values())


@dataclass(slots=True)
class Runner:
    """Runs tests in *copy* as the user would, from the folder *here* of the project."""

    copy: ProjectCopy
    here: Path
    args: tuple[str, ...]
    alive: Callable[[], None]  # called several times per second while tests run
    first: Run | None = None  # the run of all tests that *args* name

    def run(self, *places: str, explain: bool, seconds: float, seed: int | None = None) -> Run:
        """Run the tests in *places*, else those that the user's arguments name."""
        words = [*map(self._mapped, self.args)]
        if places and self.first is not None:
            words = [*self._options(self.first), *places]
        return run_pytest(
            words,
            folder=self.folder,
            home=self.copy.folder.parent,
            root=self.copy.folder,
            seconds=seconds,
            alive=self.alive,
            explain=explain,
            variables=self._variables(seed),
        )

    @property
    def folder(self) -> Path:
        """Where pytest is started: as the user, but in the copy."""
        there = self.copy.inside(self.here)
        return there if there.is_dir() and there != self.here else self.copy.folder

    def _mapped(self, word: str) -> str:
        """Return *word* with the copy in the place of the project."""
        root, folder = str(self.copy.root), str(self.copy.folder)
        name, sign, test = word.partition("::")
        if not self.here.is_relative_to(self.copy.root) and (self.here / name).exists():
            word = f"{(self.here / name).resolve()}{sign}{test}"
        before, sign, path = word.rpartition("=")
        return f"{before}{sign}{folder}{path[len(root) :]}" if _within(path, root) else word

    def _options(self, first: Run) -> list[str]:
        """Return the user's arguments without those that choose tests."""
        words = [word for word in self.args if word not in CHOOSING]
        kept = [self._mapped(word) for word in words if self._mapped(word) not in first.places]
        given = {word.partition("=")[0] for word in kept}
        if "--rootdir" not in given:  # of fewer files it may be another
            kept.append(f"--rootdir={first.root}")
        if first.settings is not None and not given & {"-c", "--config-file"}:
            kept += ["-c", str(first.settings)]
        return [*kept, "--maxfail=0"]

    def _variables(self, seed: int | None) -> dict[str, str]:
        found = {}
        paths = import_paths(self.copy)
        for path in os.environ.get("PYTHONPATH", "").split(os.pathsep):
            if path:
                paths.append(str(self.copy.inside(self.here / path)))
        if paths:
            found["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
        if seed is not None:
            found[SEED] = str(seed)
        return found


def run_pytest(
    words: Sequence[str],
    *,
    folder: Path,
    home: Path,
    root: Path,
    seconds: float,
    alive: Callable[[], None],
    explain: bool = True,
    variables: Mapping[str, str] | None = None,
) -> Run:
    """Run pytest with *words* in *folder*; what it reports goes through files in *home*.

    *root* stands for pytest's own if it ends before it names that. *variables* are set for it.
    """
    report, outcomes = home / "report.json", home / "outcomes.json"
    for file in (report, outcomes):
        file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-p", RECORDER, *_plugin(words), *words]
    if explain:
        command += ["--loopcheck", f"--loopcheck-json={report}"]
    environment = _environment(outcomes, folder) | dict(variables or {})
    begun = time.monotonic()
    with Child(command, folder=folder, seconds=seconds, variables=environment) as child:
        said, tests_ended, held = b"", math.inf, False
        for chunk in child.output():
            alive()
            said = (said + chunk)[-4 * MOST_OUTPUT :]
            if tests_ended == math.inf and outcomes.is_file():
                tests_ended = time.monotonic()
            if not held and time.monotonic() > tests_ended + AFTERWARDS:
                held = True
                child.stop()
        ended = child.ended()
    output = said.decode("utf-8", "replace")[-MOST_OUTPUT:]
    return _read(
        report if explain else None,
        outcomes,
        root,
        seconds=time.monotonic() - begun,
        why="exit" if held else ended.why,
        code=ended.code,
        output=output,
        held=_after_the_end(output) if held else "",
    )


def _after_the_end(output: str) -> str:
    """Return what the plugin says of a process that would not end; a line if it said nothing."""
    _, found, said = output.rpartition(AFTER_THE_END.partition("{")[0])
    if not found:
        return f"The process went on for {AFTERWARDS:g} s after its tests."
    return f"{found}{said}".strip()


def _environment(outcomes: Path, folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTEST_CURRENT_TEST", SEED)
    }
    return kept | {
        OUTCOMES: str(outcomes),
        "PWD": str(folder),
        "NO_COLOR": "1",
        "PYTHONUNBUFFERED": "1",
    }


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith((f"{root}{os.sep}", f"{root}::"))


def _plugin(words: Sequence[str]) -> list[str]:
    """Return what loads loopcheck's plugin where pytest loads none by itself."""
    named = any(
        "loopcheck.plugin" in word for word in (*words, os.environ.get("PYTEST_ADDOPTS", ""))
    )
    return ["-p", "loopcheck.plugin"] if os.environ.get(NO_AUTOLOAD) and not named else []


def _read(
    report: Path | None,
    outcomes: Path,
    root: Path,
    *,
    seconds: float,
    why: str,
    code: int | None,
    output: str,
    held: str,
) -> Run:
    said: dict[str, Any] = {}
    found: tuple[Finding, ...] = ()
    if outcomes.is_file():
        said = json.loads(outcomes.read_text(encoding="utf-8"))
    if report is not None and report.is_file():
        found, _, _ = json_words.read(report.read_text(encoding="utf-8"))
    return Run(
        outcomes=said.get("outcomes", {}),
        errors=said.get("errors", {}),
        findings=found,
        root=Path(said.get("root", root)),
        places=tuple(said.get("places", ())),
        seconds=seconds,
        why=why,
        code=code,
        output=output,
        settings=Path(said["settings"]) if said.get("settings") else None,
        held="" if any(one.phase == "session" for one in found) else held,
    )
