"""Advice from a guide as an experiment: the same question with the advice and without it.

The names of its tests say which part they are: `test_advice_…`, `test_without_…`, and
`test_price_…` for what should also hold. A folder `advice/` or `without/` runs separately, for
advice about files that pytest reads before any test.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from loopcheck.lab.projects.project_files import ProjectError, files_in
from loopcheck.modes import catalogue

Part = Literal["advice", "without", "price"]
Verdict = Literal["works", "works, at a price", "has no effect", "breaks", "was not run"]
VERDICTS: dict[Verdict, str] = {  # plural: "12 work"
    "works": "work",
    "works, at a price": "work, at a price",
    "has no effect": "have no effect",
    "breaks": "break",
    "was not run": "were not run",
}
LABELS: dict[Part, str] = {"advice": "with it", "without": "without it", "price": "its price"}
HEAD = re.compile(r"#\s*(advice|guide|better|needs):\s*(.+?)\s*$")
NAME = re.compile(r"test_(advice|without|price)_(\w+)")
CODE = re.compile(r"\bLC\d{3}\b")
SERVERS = {  # by name: the variable with its address, and the scheme of that address
    "Valkey": ("VALKEY_URL", "redis://"),
    "PostgreSQL": ("DATABASE_URL", "postgresql://"),
}
WANTED = ("advice", "guide", "better")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One piece of advice, and the files that try it."""

    name: str  # "R03"
    advice: str  # in our words, as an imperative
    guide: str  # its source
    better: str  # what to do instead, or why to keep it
    modes: tuple[str, ...]  # codes of the lessons with the better way
    needs: tuple[str, ...] = ()  # servers
    files: dict[str, str] = field(hash=False)
    seconds: float = 20.0  # limit for one test; after that it counts as one that never ends

    def runs(self) -> dict[str, dict[str, str]]:
        """Return the files of each run: one run, or one for each folder with the shared files."""
        found: dict[str, dict[str, str]] = {}
        shared: dict[str, str] = {}
        for path, text in self.files.items():
            folder, _, rest = path.partition("/")
            if rest and folder in LABELS:
                found.setdefault(folder, {})[rest] = text
            else:
                shared[path] = text
        return {folder: shared | own for folder, own in found.items()} or {"": shared}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one test of a recipe did, or why pytest could not run any."""

    part: Part
    asked: str  # "each test has a client of its own"
    outcome: Literal["passed", "failed", "never ended", "did not start"]
    words: str = ""

    @property
    def held(self) -> bool:
        """True if the test passed, as its name claims."""
        return self.outcome == "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One recipe and its results."""

    recipe: Recipe
    rows: tuple[Row, ...] = ()
    lacks: str = ""  # why it was not run

    @property
    def verdict(self) -> Verdict:
        """The verdict on the rows, by the same rule for every recipe."""
        if self.lacks:
            return "was not run"
        advice, without = self._held("advice"), self._held("without")
        if advice == without:
            return "has no effect"
        if not advice:
            return "breaks"
        return "works" if self._held("price") else "works, at a price"

    def _held(self, part: Part) -> bool:
        held = [row.held for row in self.rows if row.part == part]
        return all(held) and (bool(held) or part == "price")


def read(name: str, text: str, *, seconds: float = 20.0) -> Recipe:
    """Return the recipe in the body of a cell. Its first lines are named comments."""
    lines = text.splitlines(keepends=True)
    head: dict[str, str] = {}
    while lines and (found := HEAD.match(lines[0])):
        head[found[1]] = found[2]
        lines.pop(0)
    if missing := [f"`# {word}:`" for word in WANTED if word not in head]:
        raise ProjectError(f"its first lines lack {' and '.join(missing)}.")
    files = files_in("".join(lines))
    parts = {found[1] for one in files.values() for found in NAME.finditer(one)}
    parts |= {path.partition("/")[0] for path in files if "/" in path}
    if lack := {"advice", "without"} - parts:
        wanted = " and ".join(f"test_{part}_…" for part in sorted(lack))
        raise ProjectError(f"it has no test called {wanted}. A verdict needs both.")
    modes = tuple(dict.fromkeys(CODE.findall(head["better"])))
    if unknown := set(modes) - set(catalogue.codes()):
        raise ProjectError(f"no mode is called {', '.join(sorted(unknown))}.")
    needs = tuple(head.get("needs", "").split())
    if unknown := set(needs) - set(SERVERS):
        raise ProjectError(
            f"no server is called {', '.join(sorted(unknown))}: {', '.join(SERVERS)}."
        )
    return Recipe(
        name=name,
        advice=head["advice"],
        guide=head["guide"],
        better=head["better"],
        modes=modes,
        needs=needs,
        files=files,
        seconds=seconds,
    )
