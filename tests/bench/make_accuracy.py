"""Runs all samples, and one of each mode beside what others offer: `make accuracy`.

    python tests/bench/make_accuracy.py            runs all, and writes accuracy.json and the pages
    python tests/bench/make_accuracy.py --tools    runs the comparison alone, and keeps the rest
    python tests/bench/make_accuracy.py --pages    writes the pages from accuracy.json

docs/accuracy.md has the totals, docs/comparison.md what each tool says, word for word.
"""

import json
import os
import platform
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from make_page import versions  # it makes scripts/ known
from others import ALONE, GRAPH, MOST, OTHERS, Said, graph, run
from page_ages import measured_now
from samples import NOTHING, Bench, Run, Sample, bench, collect, complaints, confusions

from loopcheck.modes import catalogue

ROOT = Path(__file__).parents[2]
STORED = Path(__file__).with_name("accuracy.json")
PAGE, QUOTES = ROOT / "docs" / "accuracy.md", ROOT / "docs" / "comparison.md"
MENDED = Path(__file__).parents[1] / "modes" / "mended.json"  # test_edits.py --write writes it
UNPROVED = "not proved"
MODES_IN_A_ROW = 3  # the page is to stay short
ONLY = re.compile(os.environ.get("ONLY", ""))  # ONLY=LC20: these modes, printed and not written
OURS = "loopcheck"
HEAD = (
    "What loopcheck reports for all its samples, and what other tools report for one sample of"
    " each mode. `make accuracy` runs all of it again."
)
RULE = (
    "The page quotes errors, warnings and the loop's log, without addresses, task numbers and"
    f" folders. It has each line once, and the first {MOST} lines of a tool. For a tool that runs"
    " beside pytest, it leaves out the lines that pytest alone prints, too. aiomonitor prints its"
    " `ps` at the end of each test, and after two seconds of a hang."
)
NO_GRAPH = "Python 3.14's call graph (`python -m asyncio pstree`) was not available for this run."
NO_LINE = (
    "A tool names the line to change if `file:line` appears anywhere in its output, a traceback"
    " included."
)


class Mode:
    """One sample of a mode, and what all said of it."""

    def __init__(self, sample: Sample, servers: Bench) -> None:
        self.sample = sample
        self.looked = servers.look(sample)
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

    def said(self) -> dict[str, list[str]]:
        """Return the lines of each tool that the page quotes."""
        known = self.plain.lines()
        quotes = {ALONE.name: quoted(self.plain, known)}
        for name, said in self.others.items():
            quotes[name] = quoted(said, [one for one in said.lines() if one not in known])
        if self.graph is not None:
            quotes["Python 3.14's call graph"] = shortened(self.graph)
        message = self.looked.findings[0]["what"] if self.looked.findings else ""
        quotes[OURS] = [self.ours(), *filter(None, [message])]
        return quotes


def quoted(said: Said, lines: Sequence[str]) -> list[str]:
    return shortened([said.last(), *lines])


def shortened(lines: Sequence[str]) -> list[str]:
    """Return the first of *lines*, word for word, and how many more there are."""
    more = len(lines) - MOST - 1
    return [*lines[: MOST + 1], *([f"and {more} more"] if more > 0 else [])]


def stored(mode: Mode) -> dict[str, Any]:
    """Return what the pages say about one mode."""
    return {
        "code": mode.sample.fault,
        "stem": mode.sample.path.parent.name,
        "path": mode.sample.path.relative_to(ROOT).as_posix(),
        "named": mode.named(),
        "said": mode.said(),
    }


def measure_samples(chosen: Sequence[Sample], servers: Bench) -> dict[str, Any]:
    """Run all samples without and with loopcheck; return what it reports for them."""
    runs: list[tuple[Sample, Run]] = []
    wrong: list[str] = []
    for number, sample in enumerate(chosen, 1):
        without, seen = servers.run(sample)
        runs.append((sample, seen))
        wrong += [f"{sample.id}: {line}" for line in complaints(sample, without, seen)]
        if sys.stderr.isatty():  # a log would be nothing but numbers
            print(f"\r{number} of {len(chosen)} samples", end="", file=sys.stderr, flush=True)
    return {
        "measured": f"{measured_now()}, Python {platform.python_version()}, {versions()}.",
        "samples": Counter(sample.fault for sample in chosen),
        "failures": confusions(runs),
        "wrong": wrong,
    }


def compare_tools(chosen: Sequence[Sample], servers: Bench) -> dict[str, Any]:
    """Run one sample of each mode with each tool; return what they say."""
    modes = [stored(Mode(sample, servers)) for sample in first_of_each(chosen)]
    return {"has_graph": GRAPH is not None, "modes": modes}


def families(data: dict[str, Any]) -> str:
    """Return the totals: what each family's samples are, and what loopcheck reports for them."""
    head = [
        "| family | samples | failures and silent faults | right mode | another mode | none |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    rows = []
    for family, about in {**catalogue.FAMILIES, NOTHING: "healthy, or explained by Python"}.items():
        faults = [one for one in data["samples"] if family in (one, f"{one[:3]}xx")]
        samples = sum(data["samples"][one] for one in faults)
        said = [(one, *pair) for one in faults for pair in data["failures"].get(one, {}).items()]
        all_ = sum(count for *_, count in said)
        right = sum(count for fault, code, count in said if code == fault != NOTHING)
        none = sum(count for _, code, count in said if code == NOTHING)
        name = about if family == NOTHING else f"{family} {about}"
        shown = "" if family == NOTHING else f"{right:,}"
        rows.append(
            f"| {name} | {samples:,} | {all_:,} | {shown} | {all_ - right - none:,} | {none:,} |"
        )
    return "\n".join([*head, *rows])


def not_right(data: dict[str, Any]) -> str:
    """Return the faults that got another mode or none, and the complaints about each sample."""
    rows = [
        f"| {fault} | {code} | {count:,} |"
        for fault, row in sorted(data["failures"].items())
        for code, count in sorted(row.items())
        if code != fault and count
    ]
    table = "\n".join(["| fault | loopcheck reports | times |", "|---|---|---:|", *rows])
    lines = "\n".join(f"- {line}" for line in data["wrong"])
    right = "No sample gets another mode before its own, and no healthy one gets a finding."
    about = "Failures and silent faults of these modes got no finding, or another one:"
    return "\n\n".join([*([about, table] if rows else []), lines or right])


def tally(data: dict[str, Any]) -> str:
    """Return for how many modes of each family each tool names the line to change."""
    modes = data["modes"]
    there = [family for family in catalogue.FAMILIES if _of_family(modes, family)]
    sizes = [f"{family}, of {len(_of_family(modes, family))}" for family in there]
    rows = [f"| tool | {' | '.join(sizes)} | all, of {len(modes)} |"]
    rows.append("|---|" + "---:|" * (len(there) + 1))
    for name in modes[0]["named"]:
        counts = [sum(one["named"][name] for one in _of_family(modes, family)) for family in there]
        rows.append(f"| {name} | {' | '.join(map(str, counts))} | {sum(counts)} |")
    return "\n".join(rows)


def _of_family(modes: Sequence[dict[str, Any]], family: str) -> list[dict[str, Any]]:
    return [one for one in modes if f"{one['code'][:3]}xx" == family]


def mended() -> str:
    """Return for each mode how many samples have edits, and how many of these are proved.

    Edits are stored apart from the runs of all samples: the samples are those of now.
    """
    faults = {one.id: one.fault for one in collect()}
    samples = Counter(faults.values())
    known: dict[str, str] = json.loads(MENDED.read_text(encoding="utf-8"))
    cells, all_ = list[str](), [0, 0, 0]
    for mode in catalogue.modes():
        mine = [how for one, how in known.items() if faults.get(one) == mode.code]
        counts = [samples[mode.code], len(mine), len(mine) - mine.count(UNPROVED)]
        all_ = [one + more for one, more in zip(all_, counts, strict=True)]
        if mine:
            cells.append(f"| {mode.code} | {' | '.join(map(str, counts))} ")
    cells.append(f"| all | {' | '.join(map(str, all_))} ")
    rows = -(-len(cells) // MODES_IN_A_ROW)
    cells += ["| | | | "] * (MODES_IN_A_ROW * rows - len(cells))
    lines = ["".join(cells[row::rows]) + "|" for row in range(rows)]
    head = "| mode | samples | with edits | proved " * MODES_IN_A_ROW + "|"
    return "\n".join([head, "|---|---:|---:|---:" * MODES_IN_A_ROW + "|", *lines])


def accuracy_page(data: dict[str, Any]) -> str:
    samples = sum(data["samples"].values())
    healthy = data["samples"].get(NOTHING, 0)
    return f"""# How accurate it is

{HEAD}

{data["measured"]}

## All samples

{samples:,} samples: {samples - healthy:,} with a fault, and {healthy:,} that are healthy or fail
for a reason that their traceback shows. A sample can have several failing tests. *Right mode*:
loopcheck reports the fault of the sample.

{families(data)}

## What is not right

{not_right(data)}

## What it mends by machine

*With edits*: a finding says by file, line and column what to change. *Proved*: with the edits
applied, the sample passes without a finding, and no assertion is gone or weaker; or the sample
fails only because an assertion that had never run now does. The pages of the other modes say why
they have no edits.

{mended()}

## Other tools on the same faults

One sample of each mode. The numbers say for how many of them a tool names the line to change.

{tally(data)}

{NO_LINE} [What each tool says, word for word](comparison.md).
"""


def quotes_page(data: dict[str, Any]) -> str:
    sections = "\n\n".join(map(section, data["modes"]))
    return f"""# What each tool says, word for word

One sample of each mode, as plain pytest, asyncio's debug mode, pyleak, aiomonitor and loopcheck
report it. [How accurate it is](accuracy.md) has the totals.

{data["measured"]}

{RULE}{"" if data["has_graph"] else f" {NO_GRAPH}"}

{sections}
"""


def section(mode: dict[str, Any]) -> str:
    slug = mode["stem"].partition("_")[2].replace("_", "-")
    quotes = "\n\n".join(
        "\n".join([f"{name}:", "", "```text", *(line.rstrip() for line in lines), "```"])
        for name, lines in mode["said"].items()
    )
    return f"## {mode['code']} {slug}\n\n[{mode['path']}](../{mode['path']})\n\n{quotes}"


def first_of_each(samples: Sequence[Sample]) -> list[Sample]:
    """Return the sample of each mode that is the smallest there is: `bad.py`, or the first."""
    found: dict[str, Sample] = {}
    for sample in sorted(samples, key=lambda one: (not one.is_first, one.id)):
        if sample.path.parent.name.startswith("lc") and sample.fault != NOTHING:
            found.setdefault(sample.fault, sample)
    return [found[mode.code] for mode in catalogue.modes() if mode.code in found]


def measure(*, samples: bool) -> dict[str, Any]:
    """Return all figures and quotes of the pages; the figures that are stored without *samples*."""
    chosen = [sample for sample in collect() if ONLY.search(sample.fault)]
    with bench() as servers:
        if samples:
            figures = measure_samples(chosen, servers)
        else:
            figures = json.loads(STORED.read_text(encoding="utf-8"))
        return figures | compare_tools(chosen, servers)


def main() -> None:
    os.environ.pop("PYTHONPATH", None)  # it led to the samples; their runs are to be on their own
    if "--pages" not in sys.argv:
        data = measure(samples="--tools" not in sys.argv)
        if ONLY.pattern:
            print(accuracy_page(data), quotes_page(data), sep="\n")
            return
        STORED.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    data = json.loads(STORED.read_text(encoding="utf-8"))
    PAGE.write_text(accuracy_page(data), encoding="utf-8")
    QUOTES.write_text(quotes_page(data), encoding="utf-8")


if __name__ == "__main__":
    main()
