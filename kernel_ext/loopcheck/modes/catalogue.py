"""Finds the modes: each file or folder `lcNNN_slug` is one, and is not imported for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import groupby
from pathlib import Path

from loopcheck.light import dataclass
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence

_NAME = re.compile(r"lc(\d{3})_(\w+)")
_PART = re.compile(r"(?ms)^(What|Why|Fix|Edit):(.*?)(?=^\w+:|\Z)")
_TOP = re.compile(r'(?ms)""".*?"""$')
FAMILIES = {
    "LC1xx": "loops",
    "LC2xx": "tasks",
    "LC3xx": "pytest",
    "LC4xx": "test doubles",
    "LC5xx": "stores and process state",
    "LC6xx": "databases",
}
ROOMS = {  # the package of each family
    "LC1xx": "loops",
    "LC2xx": "tasks",
    "LC3xx": "fixtures",
    "LC4xx": "doubles",
    "LC5xx": "stores",
    "LC6xx": "databases",
}
Detect = Callable[[Evidence], Iterator[Finding]]


@dataclass(frozen=True)
class Mode:
    """A failure mode, known by its file's name."""

    stem: str
    has_lesson: bool = True  # a new mode may come before its lesson

    @property
    def code(self) -> str:
        return self.stem[:5].upper()

    @property
    def slug(self) -> str:
        return self.stem[6:].replace("_", "-")

    @property
    def family(self) -> str:
        """A key of FAMILIES: `LC1xx`."""
        return f"{self.code[:3]}xx"

    @property
    def module(self) -> str:
        """What to import: `loopcheck.modes.loops.lc102_loop_mismatch`."""
        return f"loopcheck.modes.{ROOMS[self.family]}.{self.stem}"

    @property
    def file(self) -> Path:
        """Its source file: a module, or the `__init__.py` of a folder."""
        place = Path(__file__).parent / ROOMS[self.family] / self.stem
        return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


@cache
def modes() -> tuple[Mode, ...]:
    """Return all modes in order of their codes."""
    here = Path(__file__).parent
    stems = {path.stem for path in here.glob("*/lc*")}
    taught = {path.stem for path in here.parent.glob("lab/exercises/lc*.py")}
    known = sorted(stem for stem in stems if _NAME.fullmatch(stem))
    return tuple(Mode(stem, has_lesson=stem in taught) for stem in known)


def codes() -> tuple[str, ...]:
    """Return the codes of all modes."""
    return tuple(mode.code for mode in modes())


def spans() -> str:
    """Return the codes by families, as a readable line: "LC101 to LC107, LC201 to …"."""
    families = [list(family) for _, family in groupby(codes(), key=lambda code: code[:3])]
    return ", ".join(f"{family[0]} to {family[-1]}" for family in families)


def find(text: str) -> Mode | None:
    """Return the mode of a code, slug or stem, in upper or lower case."""
    asked = text.strip().lower().replace("_", "-").removesuffix(".ipynb")
    for mode in modes():
        if asked in (mode.code.lower(), mode.slug, mode.stem.replace("_", "-")):
            return mode
    return None


def codes_meant_by(word: str) -> tuple[str, ...]:
    """Return the codes that *word* stands for: `all`, a family such as `LC2xx`, a code, a slug."""
    asked, mode = word.upper(), find(word)
    return tuple(
        code
        for code in codes()
        if asked in ("ALL", code, f"{code[:3]}XX") or (mode is not None and mode.code == code)
    )


@cache  # a search asks for all of them
def page(mode: Mode) -> str:
    """Return the reference page: the text at the top of the mode's file."""
    text = mode.file.read_text(encoding="utf-8")
    top = _TOP.match(text)  # to parse the rest takes twenty times as long
    return (ast.get_docstring(ast.parse(top[0] if top else text)) or "").strip()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A mode in the field guide: the parts of its page, and the messages that people see."""

    code: str
    slug: str
    title: str
    says: tuple[str, ...]
    what: str
    why: str
    fix: str
    lesson: str | None  # the notebook's file name
    edit: str | None = None  # why no machine makes the change


@cache
def entry(mode: Mode) -> Entry:
    """Return the parts of a mode's page, each as one paragraph."""
    found = {label.lower(): " ".join(text.split()) for label, text in _PART.findall(page(mode))}
    return Entry(
        code=mode.code,
        slug=mode.slug,
        title=title(mode),
        says=says(mode),
        lesson=f"{mode.stem}.ipynb" if mode.has_lesson else None,
        **found,
    )


def title(mode: Mode) -> str:
    """Return what the fault is, in the words of its page: "an object bound to …"."""
    return page(mode).splitlines()[0].partition(": ")[2]


@cache  # asked for each mode, at each piece of evidence
def detector(mode: Mode) -> tuple[Detect, frozenset[str]]:
    """Return the function that detects *mode*, and the codes that it supersedes."""
    module = import_module(mode.module)
    return module.detect, module.SUPERSEDES


@cache
def is_after_others(code: str) -> bool:
    """True if a test alone does not show the mode of *code*: an earlier test has part in it."""
    mode = find(code)
    return mode is not None and getattr(import_module(mode.module), "AFTER_OTHERS", False)


def test_to_run(code: str, test: str) -> str:
    """Return what selects *test*, or its file if an earlier test has part in the fault.

    Where its parameters hold a secret, all of them are selected.
    """
    if is_after_others(code):
        return test.partition("::")[0]
    return test.partition("[")[0] if "***" in test else test


@cache
def says(mode: Mode) -> tuple[str, ...]:
    """Return the messages of *mode* as pytest, Python and libraries print them."""
    return tuple(getattr(import_module(mode.module), "SAYS", ()))
