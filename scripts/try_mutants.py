"""Plants async faults into other people's healthy projects, and asks loopcheck for the line.

python scripts/try_mutants.py [PROJECT…]    all of scripts/mutants.toml; needs network
python scripts/try_mutants.py --most=N      at most N faults in each project (default: 30)
python scripts/try_mutants.py --seed=S      chooses other ones
python scripts/try_mutants.py --page        writes the page from the last measurements

A machine chooses the faults, by a seed: mutations.py makes them, of nine kinds, each kind in turn.
A fault in a file of tests is run with that file, one elsewhere with all tests of the project. Each
runs without loopcheck and with it. What loopcheck finds in the healthy project is not counted: that
runs several times, for some tests leave a task behind in one run and not in the next.

Each project has its own environment and clone, in the folder MUTANTS, by default
.venv-mutants-…. MIRRORS says where copies of the repositories are, as for try_others.py.
Measurements go into mutants.json, project by project, and docs/mutants.md is written from them.
"""

import argparse
import json
import os
import platform
import random
import re
import shutil
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import try_real
from mutations import Mutation, imported_names, mutations
from page_ages import measured_now
from try_real import NEAR, Run

ROOT = Path(__file__).resolve().parents[1]
PROJECTS = ROOT / "scripts" / "mutants.toml"
MEASURED = ROOT / "scripts" / "mutants.json"
PAGE = ROOT / "docs" / "mutants.md"
FOLDER = Path(os.environ.get("MUTANTS", ROOT / ".venv-mutants-{}.{}".format(*sys.version_info)))
MOST = 30
HEALTHY = 4  # runs of the healthy project
FEW = 3  # tests that the page names for one fault
SEED = 1
FAILS, HANGS, PASSES = "fails", "hangs", "passes"
NAMED, SHOWN, ELSEWHERE, SILENT = "named", "shown", "elsewhere", "silent"
KINDS = {
    "await dropped": "`await` is missing before a call",
    "sleep that blocks": "`time.sleep` in place of an awaited sleep",
    "sleep too short": "an awaited sleep of 0",
    "MagicMock for AsyncMock": "a `MagicMock` in place of an `AsyncMock`",
    "AsyncMock for MagicMock": "an `AsyncMock` in place of a `MagicMock`",
    "AsyncMock for Mock": "an `AsyncMock` in place of a `Mock`",
    "fixture widened": 'an async fixture with `scope="module"`',
    "close dropped": "a thing is no longer closed, stopped or disconnected",
    "closed early": "a thing is closed one statement too early",
    "cancellation swallowed": "`except BaseException`, or a `CancelledError` not raised again",
    "patched where defined": "a patch of where a name is defined, not of where it is used",
}
HEAD = """# Planted faults

`make try-mutants` plants faults into the suites and the code of other people's projects, by
machine: nobody chose them. A seed makes the choice, kind by kind in turn. Each fault is run without
loopcheck and with `--loopcheck --loopcheck-hang={hang:g}`. Findings that the healthy project has,
too, do not count.

- *fail*: the tests fail or hang with the fault, without loopcheck
- *named*: of those, the first finding gives the planted line as the line to change: at most two
  lines off or, for a thing that is not closed any more, where it was made
- *shown*: a finding shows the planted line as where a thing was made or used
- *elsewhere*: there are findings, on other lines
- *silent*: there is none
- *pass, found*: no test notices the fault, and loopcheck names or shows its line

"""


@dataclass(frozen=True)
class Planted:
    """A fault in a project, and what came of it."""

    kind: str
    file: str
    line: int
    was: str
    now: str
    ended: str  # without loopcheck
    verdict: str
    findings: list[str]  # the new ones, best first, each with its line to change
    changed: list[str]  # tests that end otherwise with loopcheck


@dataclass(frozen=True)
class Measured:
    """The page's facts about a project."""

    commit: str
    date: str
    python: str
    version: str  # of loopcheck
    seed: int
    planted: list[Planted]


def main() -> int:
    projects = read_projects()
    said = arguments()
    if unknown := set(said.names) - projects.keys():
        print(f"No project {', '.join(sorted(unknown))}: there are {', '.join(projects)}.")
        return 2
    chosen = {name: projects[name] for name in said.names or projects} if not said.page else {}
    for name, project in chosen.items():
        measured = measure(name, project, said.seed, said.most)
        save(saved() | {name: measured})
        print(row(name, measured.planted), end="", flush=True)
    PAGE.write_text(page(projects, saved()), "utf-8")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="PROJECT", help="of mutants.toml; else all")
    parser.add_argument("--most", type=int, default=MOST, metavar="N", help="faults in a project")
    parser.add_argument("--seed", type=int, default=SEED, help="of the choice")
    parser.add_argument("--page", action="store_true", help="write the page only")
    return parser.parse_args()


def read_projects() -> dict[str, dict[str, Any]]:
    return tomllib.loads(PROJECTS.read_text("utf-8"))


def save(measured: dict[str, Measured]) -> None:
    kept = {name: asdict(one) for name, one in sorted(measured.items())}
    MEASURED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def saved() -> dict[str, Measured]:
    """Return the last measurements of each project."""
    kept = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}
    return {
        name: Measured(**one | {"planted": [Planted(**each) for each in one["planted"]]})
        for name, one in kept.items()
    }


# The choice


def candidates(source: Path, project: dict[str, Any]) -> Iterator[tuple[Path, Mutation]]:
    """Yield every fault that can be planted into the code and the tests of a project."""
    options = project.get("options", ())
    ignored = [source / one.removeprefix("--ignore=") for one in options if "--ignore=" in one]
    texts = {
        file: file.read_text("utf-8")
        for part in (*project["code"], *project["tests"])
        for file in sorted(
            (source / part).rglob("*.py") if (source / part).is_dir() else [source / part]
        )
        if not any(file.is_relative_to(one) for one in ignored)
    }
    defined: dict[str, str] = {}
    for file, text in texts.items():
        defined |= imported_names(module_name(source, file, project), text)
    for file, text in texts.items():
        for one in mutations(text, defined):
            yield file, one


def module_name(source: Path, file: Path, project: dict[str, Any]) -> str:
    root = source / project.get("root", "")
    # Tests stand beside the root of the code.
    parts = file.relative_to(root if file.is_relative_to(root) else source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def choice(
    found: Sequence[tuple[Path, Mutation]], seed: int, most: int
) -> list[tuple[Path, Mutation]]:
    """Return at most *most* faults, one of each kind in turn."""
    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)
    kinds: dict[str, list[tuple[Path, Mutation]]] = {kind: [] for kind in KINDS}
    for file, one in shuffled:
        kinds[one.kind].append((file, one))
    turns = (those[n] for n in range(len(shuffled)) for those in kinds.values() if n < len(those))
    return [one for one, _ in zip(turns, range(most), strict=False)]


# Runs


def measure(name: str, project: dict[str, Any], seed: int, most: int) -> Measured:
    fault = project | {"after": project["commit"], "parts": project.get("parts", [""])}
    try_real.FOLDER = FOLDER
    python, source = try_real.installed(name, fault)
    for compiled in source.rglob("__pycache__"):
        shutil.rmtree(compiled)  # of a text that may be another one now
    healthy: dict[str, tuple[Run, Run]] = {}
    planted = []
    for file, one in choice(list(candidates(source, project)), seed, most):
        inside = file.relative_to(source).as_posix()
        tests = tests_for(project, inside)
        if (key := " ".join(tests)) not in healthy:
            healthy[key] = without_fault(python, source, fault, tests)
        if not any(how == "passed" for how in healthy[key][0].ended.values()):
            print(f"{name}: without a fault, no test of {key} passes", flush=True)
            continue
        text = file.read_text("utf-8")
        file.write_text(one.text, "utf-8")
        try:
            plain, looked = both(python, source, fault, tests)
            if changes(plain, looked):  # perhaps a test that wavers by itself
                plain, looked = both(python, source, fault, tests)
        finally:
            file.write_text(text, "utf-8")
        planted.append(judged(inside, one, healthy[key], plain, looked))
        print(f"{name} {planted[-1]}", flush=True)
    return Measured(
        commit=project["commit"],
        date=measured_now(),
        python=platform.python_version(),
        version=try_real.loopcheck_version(python),
        seed=seed,
        planted=planted,
    )


def tests_for(project: dict[str, Any], file: str) -> list[str]:
    """Return what to run for a fault in a file: that file, if it has tests."""
    is_tests = any(file == part or file.startswith(f"{part}/") for part in project["tests"])
    if is_tests and re.search(r"(^|/)test_\w+\.py$|_tests?\.py$", file):
        return [file]
    return list(project["tests"])


def both(python: Path, source: Path, fault: dict[str, Any], tests: list[str]) -> tuple[Run, Run]:
    """Return a run without loopcheck and one with it."""
    # Nothing compiled is kept: a fault and its cure may have the same size and second.
    variables = fault.get("variables", {}) | {"PYTHONDONTWRITEBYTECODE": "1"}
    options = ["--maxfail=5", *fault.get("options", ())]
    one = fault | {"tests": tests, "variables": variables, "options": options, "root": ""}
    return try_real.run(python, source, one, "without"), try_real.run(python, source, one, "with")


def without_fault(
    python: Path, source: Path, fault: dict[str, Any], tests: list[str]
) -> tuple[Run, Run]:
    """Return the same of the healthy project, with the findings of several runs."""
    runs = [both(python, source, fault, tests) for _ in range(HEALTHY)]
    found = [one for _, looked in runs for one in looked.findings]
    return runs[0][0], replace(runs[0][1], findings=found)


def ending(healthy: Run, plain: Run) -> str:
    """Return how the tests end with a fault, without loopcheck."""
    if plain.hangs:
        return HANGS
    bad = {test for test, how in plain.ended.items() if "fail" in how or "error" in how}
    was = {test for test, how in healthy.ended.items() if "fail" in how or "error" in how}
    return FAILS if bad - was or not plain.ended else PASSES


def changes(plain: Run, looked: Run) -> list[str]:
    return try_real.differences(plain, looked)


def judged(file: str, one: Mutation, healthy: tuple[Run, Run], plain: Run, looked: Run) -> Planted:
    """Return what came of a fault."""
    known = Counter(place(found) for found in healthy[1].findings)
    new = [found for found in looked.findings if place(found) not in known]
    return Planted(
        kind=one.kind,
        file=file,
        line=one.line,
        was=one.was,
        now=one.now,
        ended=ending(healthy[0], plain),
        verdict=verdict(file, one, new),
        findings=[place(found) for found in new],
        changed=changes(plain, looked),
    )


def place(found: dict[str, Any]) -> str:
    """Return a finding's code and the line to change."""
    where = found.get("where", {})
    return f"{found['code']} {found['certainty']} {where.get('file')}:{where.get('line')}"


def verdict(file: str, one: Mutation, new: Sequence[dict[str, Any]]) -> str:
    """Return whether the findings name the planted line."""
    if not new:
        return SILENT
    if is_there(file, one, new[0].get("where")):
        return NAMED
    parts = ("where", "made_at", "used_at")
    shown = any(is_there(file, one, found.get(part)) for found in new for part in parts)
    return SHOWN if shown else ELSEWHERE


def is_there(file: str, one: Mutation, where: dict[str, Any] | None) -> bool:
    if not where or where.get("file") != file:
        return False
    return any(abs(where["line"] - place) <= NEAR for place in one.places)


# The page


def page(projects: dict[str, dict[str, Any]], measured: dict[str, Measured]) -> str:
    """Return the whole page, from the last measurements of each project."""
    there = {name: measured[name] for name in projects if name in measured}
    every = [(name, one) for name, each in there.items() for one in each.planted]
    lines = [
        *table("project", {name: one.planted for name, one in there.items()}),
        "",
        *table("fault", by_kind([one for _, one in every])),
        *measured_when(list(there.values())),
        *listed("Planted and not named", every, {ELSEWHERE, SILENT}),
        *ended_otherwise(every),
    ]
    return HEAD.format(hang=try_real.HANG) + "\n".join(lines) + "\n"


def by_kind(planted: Sequence[Planted]) -> dict[str, list[Planted]]:
    return {
        KINDS[kind]: those for kind in KINDS if (those := [p for p in planted if p.kind == kind])
    }


def table(what: str, groups: dict[str, list[Planted]]) -> list[str]:
    heads = [what, "planted", "fail", NAMED, SHOWN, ELSEWHERE, SILENT, "pass, found"]
    every = [one for those in groups.values() for one in those]
    return [
        f"| {' | '.join(heads)} |",
        f"|{' --- |' * len(heads)}",
        *(row(name, those).rstrip("\n") for name, those in groups.items()),
        row("**all together**", every).rstrip("\n"),
    ]


def row(name: str, planted: Sequence[Planted]) -> str:
    failing = [one for one in planted if one.ended != PASSES]
    counts = Counter(one.verdict for one in failing)
    found = sum(one.ended == PASSES and one.verdict in (NAMED, SHOWN) for one in planted)
    cells = [name, str(len(planted)), str(len(failing))]
    cells += [share(counts[kind], len(failing)) for kind in (NAMED, SHOWN, ELSEWHERE, SILENT)]
    return f"| {' | '.join([*cells, str(found)])} |\n"


def share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "0"


def measured_when(measured: Sequence[Measured]) -> list[str]:
    """Return a line about the days, versions and seeds of the measurements."""
    days = sorted({one.date for one in measured})
    versions = sorted({(one.version, one.python) for one in measured})
    seeds = ", ".join(str(seed) for seed in sorted({one.seed for one in measured}))
    told = ", ".join(f"loopcheck {version} on Python {python}" for version, python in versions)
    span = " to ".join(dict.fromkeys((days[0], days[-1])))
    return ["", f"Measured {span}: {told}, seed {seeds}."]


def listed(head: str, every: Sequence[tuple[str, Planted]], verdicts: set[str]) -> list[str]:
    """Return the section of the faults that make tests fail and are not named."""
    lines = ["", f"## {head}", ""]
    for kind in KINDS:
        those = [
            (name, one)
            for name, one in every
            if one.kind == kind and one.ended != PASSES and one.verdict in verdicts
        ]
        if those:
            lines += [f"**{KINDS[kind]}**", ""]
            lines += [f"- {told(name, one)}" for name, one in those] + [""]
    return lines[:-1]


def told(name: str, one: Planted) -> str:
    was = " ".join(one.was.split())
    short = was if len(was) <= 60 else f"{was[:57]}…"
    said = ", ".join(dict.fromkeys(one.findings[:3])) or "nothing found"
    return f"{name}, {one.file}:{one.line}, `{short}`: {one.ended}; {said}"


def ended_otherwise(every: Sequence[tuple[str, Planted]]) -> list[str]:
    """Return the section about outcomes that loopcheck changed."""
    lines = [
        f"- {name}, {one.file}:{one.line}, {one.kind}: {several(one.changed)}"
        for name, one in every
        if one.changed
    ]
    return ["", "## Ended otherwise with loopcheck", "", *(lines or ["None."])]


def several(changed: Sequence[str]) -> str:
    """Return the first of *changed*: a run that is ended early leaves out a hundred."""
    more = len(changed) - FEW
    return "; ".join([*changed[:FEW], *([f"{more} more tests"] if more > 0 else [])])


if __name__ == "__main__":
    sys.exit(main())
