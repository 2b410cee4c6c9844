"""A try-it: a line of a project as the learner writes it, run in a copy, beside the line as given.

Nothing is graded, and the project stays as it is. The answer comes from the two runs.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loopcheck.children import temporary_folders
from loopcheck.lab import graded_run
from loopcheck.lab.arguments import near
from loopcheck.lab.projects import output_masks
from loopcheck.lab.projects.project_files import ProjectError, write_files
from loopcheck.lab.seen import Seen
from loopcheck.lab.verdicts import mark, paragraph
from loopcheck.modes.finding import Finding
from loopcheck.report import json
from loopcheck.source.settings_names import NAMES

PLACE = re.compile(r"(?P<file>[^:]+):(?P<first>[1-9]\d*)(?:-(?P<last>[1-9]\d*))?")
HANG = (
    3  # seconds until loopcheck ends a test that waits for nothing; `--loopcheck-hang` changes it
)
HUNG = re.compile(r"(?:Failed: )?Ended by --loopcheck-hang=\S+: .*")  # where depends on the moment
FAILED = re.compile(r"^Failed: ")  # the class of pytest's own failures
PASSED, HUNG_WORDS = "passed", "never ends"
SAID = {"failed": "fails", "skipped": "is skipped", "expected to fail": "is expected to fail"}
CHANGE = "Change the cell and run it again. Run it empty, and it comes back as it was."


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a project's file, and the project's files as they were written."""

    files: Mapping[str, str]
    file: str
    first: int
    last: int

    @property
    def given(self) -> str:
        """The lines as they were written."""
        return "\n".join(self._all()[self.first - 1 : self.last])

    def changed(self, text: str) -> dict[str, str]:
        """Return the project's files with *text* in place of the lines."""
        lines = self._all()
        lines[self.first - 1 : self.last] = text.rstrip().splitlines()
        whole = "\n".join(lines) + "\n"
        if self.file.endswith(".py"):
            self._check(whole, text)
        return {**self.files, self.file: whole}

    def remark(self, text: str) -> str:
        """Return a remark if *text* begins further left than the lines did: often by mistake."""
        given, new = _indent(self.given), _indent(text)
        if new is None or given is None or new >= given:
            return ""
        return f"Every line that you write here begins with {given} blanks, as the one before did."

    def _check(self, whole: str, text: str) -> None:
        """Refuse what is no Python, before anything runs."""
        try:
            compile(whole, self.file, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or self.first
            raise ProjectError(
                f"{self.file}:{line} is no Python like this: {getattr(error, 'msg', error)}. "
                f"Nothing has run. {self.remark(text)}".rstrip()
            ) from None

    def _all(self) -> list[str]:
        return self.files[self.file].splitlines()


def _indent(text: str) -> int | None:
    """Return how far the leftmost line of *text* is indented, comments aside."""
    lines = [line for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    return min((len(line) - len(line.lstrip()) for line in lines), default=None)


def lines_at(place: str, folder: Path) -> Lines:
    """Return the lines of the project in *folder* that *place* names: `test_cart.py:10`."""
    found = PLACE.fullmatch(place)
    if found is None:
        raise ProjectError(f"`{place}` names no line. Write the file and the line: test_cart.py:10")
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    files = {
        name: path.read_text(encoding="utf-8")
        for name, path in names.items()
        if path.is_file() and "__pycache__" not in name
    }
    file, first = found["file"], int(found["first"])
    if file not in files:
        raise ProjectError(f"no file `{file}`: there are {', '.join(files)}.{near(file, files)}")
    last, most = int(found["last"] or first), len(files[file].splitlines())
    if not first <= last <= most:
        raise ProjectError(
            f"{file} has lines 1 to {most}, so there is no {place.partition(':')[2]}."
        )
    return Lines(files, file, first, last)


@dataclass(frozen=True, slots=True)
class Tried:
    """What one run of the tests showed."""

    outcomes: Mapping[str, str]  # by test
    failures: Mapping[str, str]  # the first words of each
    findings: tuple[Finding, ...]
    trouble: str = ""  # why pytest could not run the tests
    lingers: bool = False  # the process did not end by itself after its tests

    def findings_of(self, test: str) -> list[Finding]:
        """Return the findings about *test*."""
        return [one for one in self.findings if test in map(_name, one.tests)]

    def said(self, test: str) -> tuple[str | None, str]:
        """Return how *test* ended, and with which words."""
        return self.outcomes.get(test), self.failures.get(test, "")


def tried(files: Mapping[str, str], args: Sequence[str], seconds: float) -> Tried:
    """Run the tests of *files* in a folder and a process of their own."""
    seen = Seen()
    with temporary_folders.Folder() as home:
        folder, events, report = home / "tryit", home / "events", home / "findings"
        write_files(folder, dict(files))
        own = any(name in NAMES for name in files)
        command = graded_run.command_of(folder, events, own_config=own)
        command += ["-p", "loopcheck.plugin", f"--loopcheck-json={report}"]
        command += [f"--loopcheck-hang={HANG}", *args]
        for _ in graded_run.follow(command, folder, events, graded_run.EachTest(seconds), seen):
            pass
        findings = json.read(report.read_text("utf-8"))[0] if report.exists() else ()
        words = {
            test: output_masks.one_line(FAILED.sub("", HUNG.sub("", said)))
            for test, said in seen.failures.items()
        }
        trouble = output_masks.mask(seen.unreadable or "", [str(folder)])
        if not seen.collected and not trouble and not seen.finished:
            trouble = output_masks.last_error(output_masks.mask(seen.output, [str(folder)]))
    hung = {test: HUNG_WORDS for test, said in seen.failures.items() if HUNG.match(said)}
    outcomes = seen.outcomes | hung
    if seen.running is not None:
        outcomes[seen.running] = f"never ends: it still ran after {seconds:g} s, and was ended"
    return Tried(outcomes, words, findings, trouble, seen.lingering)


def given_words(run: Tried) -> str:
    """Return what the tests do with the lines as they were given."""
    told = [_line(run, test) for test in run.outcomes if run.outcomes[test] != PASSED]
    return "\n".join([f"As given: {_count(run)}", *told, *_end(run), CHANGE])


def changed_words(given: Tried, run: Tried) -> str:
    """Return what the tests do with the changed lines, and what is new in that."""
    lines = [f"With your change: {_count(run)}"]
    causes = _causes(given.findings, run.findings)
    for test in run.outcomes:
        same = run.said(test) == given.said(test)
        if run.outcomes[test] != PASSED:
            lines.append(_line(run, test, " as before" if same else ""))
            lines += [causes.pop(one, "") for one in run.findings_of(test)]
        elif given.outcomes.get(test) != PASSED:
            lines.append(_line(run, test, " now" if test in given.outcomes else ", and is new"))
    if not run.trouble:
        lines += [
            f"  {mark('·', '[ ]')} {test} is not collected any more" for test in _lost(given, run)
        ]
    if given.findings and not run.findings and not run.trouble and _all_pass(run):
        lines.append("  loopcheck reports nothing now.")
    return "\n".join(filter(None, [*lines, *_end(run), *causes.values()]))


def _end(run: Tried) -> list[str]:
    return ["  The process does not end after its tests: it was stopped."] if run.lingers else []


def _causes(known: Sequence[Finding], found: Sequence[Finding]) -> dict[Finding, str]:
    """Return what to say of each finding: a new one has its words, an old one its name, once."""
    before = {(one.code, one.what) for one in known}
    told = dict.fromkeys(found, "")
    said = set[str]()
    for one in found:
        place = f" Line to change: {one.where}." if one.where else ""
        old = (one.code, one.what) in before
        words = (
            f"{one.code} {one.slug} as before"
            if old
            else f"{one.code} {one.slug}: {one.what}{place}"
        )
        if words not in said:
            said.add(words)
            told[one] = paragraph(words, "    ")
    return told


def _all_pass(run: Tried) -> bool:
    return all(outcome == PASSED for outcome in run.outcomes.values())


def _lost(given: Tried, run: Tried) -> list[str]:
    return [test for test in given.outcomes if test not in run.outcomes]


def _count(run: Tried) -> str:
    """Return how many tests there are and how many fail, as a clause."""
    if run.trouble:
        return f"pytest can't run the tests: {output_masks.one_line(run.trouble)}"
    most, bad = len(run.outcomes), [one for one in run.outcomes.values() if one != PASSED]
    if not most:
        return "pytest finds no test."
    every = {1: "the test", 2: "both tests"}.get(most, f"all {most} tests")
    if not bad:
        return f"{every} {'pass' if most > 1 else 'passes'}."
    verb = ("fails", "fail") if set(bad) == {"failed"} else ("does not pass", "do not pass")
    who = every if len(bad) == most else f"{len(bad)} of {most} tests"
    if len(bad) == most == 2 and set(bad) != {"failed"}:
        return "neither test passes."
    return f"{who} {verb[len(bad) > 1]}."


def _line(run: Tried, test: str, note: str = "") -> str:
    outcome = run.outcomes[test]
    if outcome == PASSED:
        return f"  {mark('✓', '[ok]')} {test} passes{note}"
    said = SAID.get(outcome, outcome)
    words = run.failures.get(test, "") if not note else ""
    sign = mark("✗", "[no]") if outcome in ("failed", HUNG_WORDS) else mark("·", "[ ]")
    return f"  {sign} {test} {said}{note}" + (f": {words}" if words else "")


def _name(test: str) -> str:
    return test.rpartition("::")[2]
