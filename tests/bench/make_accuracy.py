"""Runs all samples, and one of each mode beside what others offer: `make accuracy`.

Writes docs/accuracy.md: what is named for what, and what each of them says, word for word.
"""

import os
import platform
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from make_page import versions
from others import ALONE, GRAPH, MOST, OTHERS, Said, graph, run
from samples import NOTHING, Bench, Run, Sample, bench, collect, complaints, matrix

from loopcheck.modes import catalogue

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "accuracy.md"
ONLY = re.compile(os.environ.get("ONLY", ""))  # ONLY=LC20: these modes, printed and not written
OURS = "loopcheck"
HEAD = (
    "What loopcheck says of all its samples, and what others say of one sample of each mode."
    " All of it was run for this page; `make accuracy` does so again."
)
RULE = (
    "Quoted are errors and warnings and what the loop's log says, each line once and the first"
    f" {MOST} of them, without addresses, task numbers and folders; of those who run beside pytest"
    " only what pytest alone does not say. aiomonitor answers who asks it: here it is asked for"
    " its `ps` at the end of each test, and after two seconds of a hang."
)
NO_GRAPH = (
    "Python 3.14's call graph (`python -m asyncio pstree`) was not at hand where this was run."
)
NO_LINE = (
    "A line counts as named where `file:line` of the line to change stands anywhere in what was"
    " said, a traceback included."
)


class Mode:
    """One sample of a mode, and what all said of it."""

    def __init__(self, sample: Sample, servers: Bench) -> None:
        self.sample = sample
        _, self.looked = servers.run(sample)
        self.plain = run(sample, ALONE, servers.environment())
        self.others = {way.name: run(sample, way, servers.environment()) for way in OTHERS}
        self.graph = graph(sample, servers.environment()) if sample.hangs else None

    def ours(self) -> str:
        """Return the first finding: code, object, line."""
        if not self.looked.findings:
            return "nothing"
        found = self.looked.findings[0]
        where, subject = found.get("where"), found.get("subject", {}).get("name")
        line = f"{where['file']}:{where['line']}" if where else "no line"
        head = f"{found['code']} {found['slug']} ({found['certainty']})"
        return " · ".join(filter(None, [head, subject, line]))

    def named(self) -> dict[str, bool]:
        """Return who named the line to change."""
        found = self.looked.findings[:1]
        wheres = {(one["where"]["file"], one["where"]["line"]) for one in found if "where" in one}
        others = {ALONE.name: self.plain, **self.others}
        said = {name: one.names(self.sample) for name, one in others.items()}
        return {**said, OURS: bool(self.sample.marks & wheres)}

    def rows(self) -> list[str]:
        known = self.plain.lines()
        rows = [row(ALONE.name, known, self.plain)]
        for name, said in self.others.items():
            rows.append(row(name, [one for one in said.lines() if one not in known], said))
        if self.graph is not None:
            rows.append(f"| Python 3.14's call graph | {quoted(self.graph)} |")
        message = self.looked.findings[0]["what"] if self.looked.findings else ""
        return [*rows, f"| **{OURS}** | {quoted([self.ours(), *filter(None, [message])])} |"]


def row(name: str, lines: list[str], said: Said) -> str:
    return f"| {name} | {quoted([said.last(), *lines])} |"


def quoted(lines: Sequence[str]) -> str:
    """Return *lines* for a cell of a table, the first of them, word for word."""
    shown = [f"`{cell(one)}`" for one in lines[: MOST + 1]]
    more = len(lines) - MOST - 1
    return "<br>".join(shown + ([f"and {more} more"] if more > 0 else []))


def cell(line: str) -> str:
    return line.replace("|", "¦").replace("`", "'").strip()


def section(mode: Mode) -> str:
    code, stem = mode.sample.fault, mode.sample.path.parent.name
    slug = stem.partition("_")[2].replace("_", "-")
    path = mode.sample.path.relative_to(ROOT).as_posix()
    table = "\n".join(["| asked | says |", "|---|---|", *mode.rows()])
    return f"### {code} {slug}\n\n[{path}](../{path})\n\n{table}"


def tally(modes: Sequence[Mode]) -> str:
    """Return in how many modes each of them named the line to change."""
    names = list(modes[0].named())
    counts = {name: sum(mode.named()[name] for mode in modes) for name in names}
    head = ["| asked | names the line to change, of " + str(len(modes)) + " |", "|---|---:|"]
    return "\n".join([*head, *(f"| {name} | {count} |" for name, count in counts.items())])


def page(runs: list[tuple[Sample, Run]], wrong: list[str], modes: Sequence[Mode]) -> str:
    bad = sum(sample.fault != NOTHING for sample, _ in runs)
    kept = "\n".join(wrong) or "Every sample got its own code first, and nothing else got one."
    day = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {versions()}."
    sections = "\n\n".join(section(mode) for mode in modes)
    counted = (
        f"{len(runs)} samples, {bad} with a fault and {len(runs) - bad} that are healthy, or fail"
        " for what their traceback says. A row for what is wrong in them, a column for what is"
        " said, in failures and silent faults."
    )
    return f"""# How accurate it is

{HEAD}

{day}

## All samples

{counted}

```text
{matrix(runs)}
```

{kept}

## What others say of the same faults

{RULE} {NO_GRAPH if GRAPH is None else ""}

{tally(modes)}

{NO_LINE}

{sections}
"""


def first_of_each(samples: Sequence[Sample]) -> list[Sample]:
    """Return the sample of each mode that is the smallest there is: `bad.py`, or the first."""
    found: dict[str, Sample] = {}
    for sample in sorted(samples, key=lambda one: (not one.is_first, one.id)):
        if sample.path.parent.name.startswith("lc") and sample.fault != NOTHING:
            found.setdefault(sample.fault, sample)
    return [found[mode.code] for mode in catalogue.modes() if mode.code in found]


def main() -> None:
    os.environ.pop("PYTHONPATH", None)  # it led to the samples; their runs are to be on their own
    chosen = [sample for sample in collect() if ONLY.search(sample.fault)]
    runs, wrong = [], []
    with bench() as servers:
        for number, sample in enumerate(chosen, 1):
            without, seen = servers.run(sample)
            runs.append((sample, seen))
            wrong += [f"- {sample.id}: {line}" for line in complaints(sample, without, seen)]
            if sys.stderr.isatty():  # a log would be nothing but numbers
                print(f"\r{number} of {len(chosen)} samples", end="", file=sys.stderr, flush=True)
        modes = [Mode(sample, servers) for sample in first_of_each(chosen)]
    written = page(runs, wrong, modes)
    if ONLY.pattern:
        print(written)
    else:
        PAGE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
