"""Runs tests of other people's projects before and after the commit that fixed an async fault.

python scripts/try_real.py [FAULT…]    all of scripts/real_faults.toml; needs network
python scripts/try_real.py --plain …   without loopcheck only: does the fault show here at all?
python scripts/try_real.py --page      writes the page from the last measurements

Each fault has its own environment and its own clone of the project, in the folder FAULTS, by
default .venv-faults-…. MIRRORS says where copies of the repositories are, as for try_others.py.

real_faults.toml has the cause, the code and the line that the fix changed. They were written down
before loopcheck ran. Measurements go into real_faults.json, fault by fault, and
docs/real_faults.md is written from both. A person reads the findings on a mended commit and writes
the verdict into real_faults.toml, and whether a first finding helps.
"""

import argparse
import ast
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import venv
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from page_ages import measured_now
from try_others import check_out, environment, outcomes, pip, shown

ROOT = Path(__file__).resolve().parents[1]
FAULTS = ROOT / "scripts" / "real_faults.toml"
MEASURED = ROOT / "scripts" / "real_faults.json"
PAGE = ROOT / "docs" / "real_faults.md"
FOLDER = Path(os.environ.get("FAULTS", ROOT / ".venv-faults-{}.{}".format(*sys.version_info)))
HANG = 5.0
LIMIT = 60  # seconds after which a run counts as hanging
NEAR = 2  # lines
HANGS = "hangs"  # how a run ends that we have to stop
WAYS = {
    "without": ("-p", "no:loopcheck"),
    "with": ("--loopcheck", f"--loopcheck-hang={HANG:g}", "--loopcheck-json=loopcheck.json"),
}
YES, PARTLY, NO = "yes", "partly", "no"  # whether a finding helps
STATES = ("before", "after")
RIGHT, OTHER_LINE, WRONG, SILENT = "right", "right code, other line", "wrong code", "silent"
HEAD = """# Real faults

`make try-real` takes commits of public repositories that fixed an async fault. It runs the test of
the fault before and after the fix, without loopcheck and with
`--loopcheck --loopcheck-hang={hang:g}`. The cause, the code and the line to change were written
down before loopcheck ran on it. No fault was left out because loopcheck fails on it.

Only the first finding counts. Its code is right if it is one that was written down. Its line is
right if it is at most two lines from a line that the fix changed, or in the same function.

- *new projects*: loopcheck had not been tried on these projects before
- *known projects*: faults of these projects served as examples while loopcheck was written, perhaps
  the same ones
- *first run*: the verdict when loopcheck saw the fault for the first time
- *helps*: does the text of the first finding help somebody who does not know the fix? *yes*: the
  change that it asks for mends the fault. *partly*: it has the object and the cause, and the change
  has to be another one. *no*: it leads elsewhere, or there is none

"""
HEADINGS = (
    *("fault", "fix", "cause", "without loopcheck", "written down", "found", "verdict"),
    *("helps", "first run", "mended commit", "outcomes"),
)
TABLE = f"| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}"
MISSES = "Each line names the general question that loopcheck answered wrongly, or not at all."
LEFT_OUT = "These do not show here before their fix, or can't be installed. They don't count above."


@dataclass(frozen=True)
class Run:
    """One run of a fault's tests."""

    ended: dict[str, str]  # the outcome of each test; empty if the run was stopped
    hangs: bool
    said: str
    findings: list[dict[str, Any]]


@dataclass(frozen=True)
class Measured:
    """The page's facts about a fault."""

    date: str
    python: str
    version: str  # of loopcheck
    shows: str  # how the tests end before the fix, without loopcheck
    reproduced: bool
    findings: list[dict[str, Any]]  # before the fix, best first
    on_mended: list[dict[str, Any]]
    changed: list[str]  # tests that end otherwise with loopcheck
    first: str = ""  # the verdict on the first run that showed the fault


def main() -> int:
    faults = read_faults()
    said = arguments()
    if unknown := set(said.names) - faults.keys():
        print(f"No fault {', '.join(sorted(unknown))}: there are {', '.join(faults)}.")
        return 2
    chosen = {name: faults[name] for name in said.names or faults} if not said.page else {}
    for name, fault in chosen.items():
        if fault.get("not_installed"):
            continue
        python, source = installed(name, fault)
        if said.plain:
            print(f"{name}: {'; '.join(look(python, source, fault))}", flush=True)
            continue
        one = with_first_verdict(fault, measure(python, source, fault), saved().get(name))
        save(saved() | {name: one})
        print(row(name, fault, one), end="", flush=True)
    if not said.plain:
        PAGE.write_text(page(faults, saved()), "utf-8")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="FAULT", help="of real_faults.toml; else all")
    parser.add_argument("--plain", action="store_true", help="run without loopcheck only")
    parser.add_argument("--page", action="store_true", help="write the page only")
    return parser.parse_args()


def read_faults() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FAULTS.read_text("utf-8"))


def save(measured: dict[str, Measured]) -> None:
    kept = {name: asdict(one) for name, one in sorted(measured.items())}
    MEASURED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def saved() -> dict[str, Measured]:
    """Return the last measurements of each fault."""
    kept = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}
    return {name: Measured(**one) for name, one in kept.items()}


# Environments and commits


def installed(name: str, fault: dict[str, Any]) -> tuple[Path, Path]:
    """Return the Python of the fault's environment and the folder of the project's clone."""
    folder = FOLDER / name
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    source = folder / "source"
    stamp = folder / "installed"
    wanted = "\n".join([fault["repository"], fault["after"], *fault["needs"]])
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        print(f"Installing {fault['repository']} for {name}.", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        check_out(fault["repository"], fault["after"], source)
        pip(python, "install", *fault["needs"])
        # Some builds ask git for a tag, which a mirror need not have.
        os.environ["SETUPTOOLS_SCM_PRETEND_VERSION"] = fault.get("version", "99.0")
        for part in fault.get("parts", [""]):
            pip(python, "install", "--no-deps", "-e", str(source / part))
        pip(python, "install", "--no-deps", "-e", str(ROOT))
        stamp.write_text(wanted, "utf-8")
    return python, source


def switch(source: Path, fault: dict[str, Any], state: str) -> None:
    """Put the project into its *state*.

    If the fix added the test, the commit before has none: that is the commit after, with the files
    that the fix changed as they were before.
    """
    git = ["git", "-C", str(source)]
    restored = fault.get("restore", []) if state == "before" else []
    commit = fault["after"] if restored else fault[state]
    subprocess.run([*git, "checkout", "--quiet", "--force", commit], check=True)
    if restored:
        subprocess.run([*git, "checkout", "--quiet", fault["before"], "--", *restored], check=True)
    for compiled in source.rglob("__pycache__"):
        # Two versions of a file can have the same size and, to the second, the same time.
        shutil.rmtree(compiled)


# Runs


def look(python: Path, source: Path, fault: dict[str, Any]) -> Sequence[str]:
    """Return a line for each state: how the tests end without loopcheck, and the symptom."""
    lines = []
    for state in STATES:
        switch(source, fault, state)
        one = run(python, source, fault, "without")
        (source / f"{state}.txt").write_text(one.said, "utf-8")
        lines.append(f"{state} {ending(one)}, {'shows' if shows(fault, one) else 'no symptom'}")
    return lines


def measure(python: Path, source: Path, fault: dict[str, Any]) -> Measured:
    """Run the tests in both states, without and with loopcheck."""
    runs: dict[tuple[str, str], Run] = {}
    for state in STATES:
        switch(source, fault, state)
        for way in WAYS:
            runs[state, way] = one = run(python, source, fault, way)
            (source / f"{state}-{way}.txt").write_text(one.said, "utf-8")
        if state == "before":
            found = [judged(source, fault, each) for each in runs[state, "with"].findings]
    mended = runs["after", "without"]
    return Measured(
        date=measured_now(),
        python=platform.python_version(),
        version=loopcheck_version(python),
        shows=ending(runs["before", "without"]),
        reproduced=shows(fault, runs["before", "without"])
        and not shows(fault, mended)
        and set(mended.ended.values()) <= {"passed", "skipped"},
        findings=found,
        on_mended=[shown(each) for each in runs["after", "with"].findings],
        changed=[
            f"{state}: {line}"
            for state in STATES
            for line in differences(runs[state, "without"], runs[state, "with"])
        ],
    )


def loopcheck_version(python: Path) -> str:
    ask = "import importlib.metadata as m; print(m.version('loopcheck'))"
    said = subprocess.run([str(python), "-c", ask], check=True, capture_output=True, text=True)
    return said.stdout.strip()


def run(python: Path, source: Path, fault: dict[str, Any], way: str) -> Run:
    """Return one run of the fault's tests, with the project's own configuration."""
    root = source / fault.get("root", "")
    junit, report = root / "junit.xml", root / "loopcheck.json"
    junit.unlink(missing_ok=True)
    report.unlink(missing_ok=True)
    command = [str(python), "-m", "pytest", "-q", "-rfE"]
    command += [*WAYS[way], f"--junitxml={junit}", *fault.get("options", ()), *fault["tests"]]
    variables = environment() | fault.get("variables", {})
    said = source / "said.txt"
    with said.open("w", encoding="utf-8") as out:
        # In a group of its own: a test may leave processes, too.
        one = subprocess.Popen(
            command,
            cwd=root,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            one.wait(LIMIT)
            hangs = False
        except subprocess.TimeoutExpired:
            hangs = True
        if hangs or hasattr(os, "killpg"):
            end_group(one)
    return Run(
        ended={"::".join(test): how for test, how in outcomes(junit).items()}
        if junit.exists() and not hangs
        else {},
        hangs=hangs,
        said=said.read_text("utf-8", "replace"),
        findings=json.loads(report.read_text("utf-8"))["findings"] if report.exists() else [],
    )


def end_group(one: subprocess.Popen[bytes]) -> None:
    """End a process and all that it left behind."""
    with suppress(ProcessLookupError):  # nothing was left
        os.killpg(one.pid, signal.SIGKILL)
    one.wait()


def ending(one: Run) -> str:
    """Return how a run ended, in a word or two."""
    if one.hangs:
        return HANGS
    ended = set(one.ended.values())
    if not ended:
        return "no tests"
    bad = sorted(ended - {"passed", "skipped"})
    return ", ".join(bad).replace("failure", "fails") or "passes"


def shows(fault: dict[str, Any], one: Run) -> bool:
    """True if the run shows what the fix was for."""
    if fault["symptom"] == HANGS:
        return one.hangs
    return re.search(fault["symptom"], one.said) is not None


def differences(plain: Run, looked: Run) -> list[str]:
    """Return a line for each test that ends otherwise with loopcheck.

    A run that hangs has no outcomes: to end it is what `--loopcheck-hang` is for.
    """
    if plain.hangs:
        return []
    return [
        f"{test} {plain.ended.get(test)} without, {looked.ended.get(test)} with"
        for test in sorted(plain.ended.keys() | looked.ended.keys())
        if plain.ended.get(test) != looked.ended.get(test)
    ]


# What a finding is worth


def judged(source: Path, fault: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return a finding as the page shows it, and whether it names a line that the fix changed."""
    facts = shown(found)
    return facts | {"line_right": is_near(source, fault, facts["file"], facts["line"])}


def is_near(source: Path, fault: dict[str, Any], file: str | None, line: int | None) -> bool:
    """True at most two lines from one that the fix changed, or in the same function."""
    if file is None or line is None:
        return False
    # pytest's root may be that of the project or the one of its part.
    here = {file, (Path(fault.get("root", "")) / file).as_posix()}
    for place in fault["where"]:
        changed, _, number = place.rpartition(":")
        if changed in here:
            first, last = function_around(source / changed, int(number))
            if abs(line - int(number)) <= NEAR or first <= line <= last:
                return True
    return False


def function_around(file: Path, line: int) -> tuple[int, int]:
    """Return the first and last line of the innermost function at a line, else none at all."""
    found = (0, -1)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            last = node.end_lineno or first
            if first <= line <= last and first > found[0]:
                found = (first, last)
    return found


def verdict(fault: dict[str, Any], one: Measured) -> str:
    """Return what the first finding is worth."""
    if not one.findings:
        return SILENT
    first = one.findings[0]
    if first["code"] not in fault["codes"]:
        return WRONG
    return RIGHT if first["line_right"] else OTHER_LINE


def with_first_verdict(fault: dict[str, Any], one: Measured, before: Measured | None) -> Measured:
    """Return a measurement with the verdict on the first one: loopcheck was not changed for it."""
    kept = before.first if before is not None and before.reproduced else ""
    return replace(one, first=kept or verdict(fault, one))


def false_findings(fault: dict[str, Any], one: Measured) -> list[dict[str, Any]]:
    """Return the findings on the mended commit that no person has found right."""
    return [each for each in one.on_mended if not read(fault, each).startswith("Right")]


def read(fault: dict[str, Any], found: dict[str, Any]) -> str:
    """Return the verdict of the person who read a finding."""
    answer: str = fault.get("read", {}).get(f"{found['code']} {found['file']}", "not read")
    return answer


# The page


def page(faults: dict[str, dict[str, Any]], measured: dict[str, Measured]) -> str:
    """Return the whole page, from the last measurements of each fault."""
    there = {name: measured[name] for name in faults if name in measured}
    shown_here = {name: one for name, one in there.items() if one.reproduced}
    lines = [
        *rates(faults, shown_here),
        *last_measured(list(shown_here.values())),
        "",
        "## Faults",
        "",
        TABLE,
        *(row(name, faults[name], one).rstrip("\n") for name, one in shown_here.items()),
        *misses(faults, shown_here),
        *on_mended_commits(faults, shown_here),
        *left_out(faults, there),
    ]
    return HEAD.format(hang=HANG) + "\n".join(lines) + "\n"


def rates(faults: dict[str, dict[str, Any]], measured: dict[str, Measured]) -> list[str]:
    """Return the table of rates: all faults, and those of projects seen before or not."""
    new = {name: one for name, one in measured.items() if not faults[name].get("earlier")}
    known = {name: one for name, one in measured.items() if name not in new}
    groups = {
        "all": count(faults, measured),
        "new projects": count(faults, new),
        "known projects": count(faults, known),
        "all, first run": counted_verdicts([one.first for one in measured.values()]),
    }
    lines = [f"| | {' | '.join(groups)} |", f"| --- |{' --- |' * len(groups)}"]
    for what in groups["all"]:
        cells = [share(one, what) if what in one else "" for one in groups.values()]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return lines


def share(counted: dict[str, int], what: str) -> str:
    if what == "faults" or not counted["faults"]:
        return str(counted[what])
    return f"{counted[what]} ({counted[what] / counted['faults']:.0%})"


def count(faults: dict[str, dict[str, Any]], measured: dict[str, Measured]) -> dict[str, int]:
    """Return how many faults there are of each kind."""
    return (
        counted_verdicts([verdict(faults[name], one) for name, one in measured.items()])
        | {
            "false on the mended commit": sum(
                bool(false_findings(faults[name], one)) for name, one in measured.items()
            ),
            "outcomes changed": sum(bool(one.changed) for one in measured.values()),
        }
        | {
            f"helps: {said}": sum(
                helps(faults[name], one).partition(":")[0] == said for name, one in measured.items()
            )
            for said in (YES, PARTLY, NO)
        }
    )


def counted_verdicts(given: list[str]) -> dict[str, int]:
    return {
        "faults": len(given),
        "right code": given.count(RIGHT) + given.count(OTHER_LINE),
        "right code and line": given.count(RIGHT),
        "silent": given.count(SILENT),
        "wrong code": given.count(WRONG),
    }


def last_measured(measured: list[Measured]) -> list[str]:
    """Return a line about the days and versions of the measurements."""
    if not measured:
        return []
    days = sorted({one.date for one in measured})
    versions = sorted({(one.version, one.python) for one in measured})
    told = ", ".join(f"loopcheck {version} on Python {python}" for version, python in versions)
    return ["", f"Measured {' to '.join(dict.fromkeys((days[0], days[-1])))}: {told}."]


def row(name: str, fault: dict[str, Any], one: Measured) -> str:
    owner, _, project = fault["repository"].partition("/")
    commit = f"https://github.com/{owner}/{project}/commit/{fault['after']}"
    cells = [
        name.replace("_", " "),
        f"[{fault['repository']}]({commit})",
        fault["cause"],
        one.shows,
        f"{' or '.join(fault['codes'])} at {', '.join(fault['where'][:1])}",
        named(one),
        verdict(fault, one),
        helps(fault, one).partition(":")[0],
        one.first,
        mended(fault, one),
        "changed" if one.changed else "same",
    ]
    return f"| {' | '.join(cells)} |\n"


def helps(fault: dict[str, Any], one: Measured) -> str:
    """Return whether the first finding helps, as a person has read it: "partly: it is …"."""
    if not one.findings:
        return NO
    first = one.findings[0]
    return str(fault.get("helps", {}).get(f"{first['code']} {first['file']}", "not read"))


def named(one: Measured) -> str:
    """Return the first finding, and how many others there are."""
    if not one.findings:
        return "nothing"
    first = one.findings[0]
    more = sorted({each["code"] for each in one.findings[1:]})
    place = f" at {first['file']}:{first['line']}" if first["file"] else ""
    return f"{first['code']}{place}{', then ' + ', '.join(more) if more else ''}"


def mended(fault: dict[str, Any], one: Measured) -> str:
    """Return the findings on the mended commit."""
    if not one.on_mended:
        return "nothing"
    codes = ", ".join(sorted({each["code"] for each in one.on_mended}))
    return f"{codes}, {'false' if false_findings(fault, one) else 'right'}"


def misses(faults: dict[str, dict[str, Any]], measured: dict[str, Measured]) -> list[str]:
    """Return the section about what loopcheck did not find, and why."""
    missed = [name for name, one in measured.items() if verdict(faults[name], one) != RIGHT]
    lines = [
        f"- **{name.replace('_', ' ')}** ({verdict(faults[name], measured[name])}): "
        f"{faults[name].get('miss', 'Not read.')}"
        for name in missed
    ]
    return ["", "## What it missed", "", MISSES, "", *lines] if lines else []


def on_mended_commits(
    faults: dict[str, dict[str, Any]], measured: dict[str, Measured]
) -> list[str]:
    """Return the section about the findings on mended commits, each with its verdict."""
    lines = []
    for name, one in measured.items():
        for found in one.on_mended:
            place = f"{found['file']}:{found['line']}"
            lines += [
                "",
                f"**{name.replace('_', ' ')}**, {found['code']} {found['slug']},"
                f" {found['certainty']}, {place}: {found['what']}",
                f"*{read(faults[name], found)}*",
            ]
        lines += [line for each in one.changed for line in ("", f"**Ended otherwise**: {each}")]
    return ["", "## Findings on mended commits", *lines] if lines else []


def left_out(faults: dict[str, dict[str, Any]], measured: dict[str, Measured]) -> list[str]:
    """Return the section about the faults that do not show here."""
    lines = []
    for name, fault in faults.items():
        if "not_installed" in fault:
            why = fault["not_installed"]
        elif name not in measured:
            why = "not measured yet"
        elif not measured[name].reproduced:
            why = fault.get("not_reproduced", f"the tests end with: {measured[name].shows}")
        else:
            continue
        lines.append(f"- **{name.replace('_', ' ')}**, {fault['repository']}: {why}.")
    return ["", "## Not reproduced", "", LEFT_OUT, "", *lines] if lines else []


if __name__ == "__main__":
    sys.exit(main())
