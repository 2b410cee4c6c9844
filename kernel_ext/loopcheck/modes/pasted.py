"""Which modes a pasted message or traceback may come from: a guess by words, never a finding.

Each mode lists the messages that people see in SAYS, beside its detector. `…` is any short text,
and the part after ` + ` must occur elsewhere in the text. A message alone proves nothing: many
modes share their words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from textwrap import dedent

from loopcheck.light import dataclass
from loopcheck.modes import catalogue
from loopcheck.modes.catalogue import Mode

LONGEST = 100_000  # characters that are read: both ends of a longer text
GAP = ".{0,120}?"
ELSEWHERE = 0.3  # the weight of words in source or in a log, not in a message
BOTH = 0.25  # what each part after a ` + ` adds
SHARED = 0.05  # what each other mode with the same words takes away
LATER = 0.01  # what each later place in SAYS takes away: the most telling words come first
LONGER = 0.002  # what a character adds: a long text rarely matches by chance
SECOND = 0.2  # the weight of a mode's second match beside its first
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
MARGIN = re.compile(r"^[\s>|│┃+]*(?:E\s{2,}|E$)?")
SOURCE = re.compile(r"^(?:>|\s{4,}\S|\S+\.py:\d+: (?:in\b|$))")  # lines of code, places
OURS = re.compile(r"\b(LC\d{3}) ([a-z][a-z-]+)")  # our own words: "LC102 loop-mismatch (certain)"


@dataclass(frozen=True)
class Guess:
    """A mode whose words occur in the text."""

    mode: Mode
    seen: str  # the words, as the mode has them
    weight: float


def guesses(text: str) -> list[Guess]:
    """Return the modes that *text* points to, likeliest first."""
    return sorted(_weighed(_read(text)), key=lambda one: (-one.weight, one.mode.stem))


def _weighed(text: _Text) -> Iterator[Guess]:
    named = {code for code, slug in OURS.findall(text.whole) if _is(code, slug)}
    for mode in catalogue.modes():
        told = enumerate(catalogue.says(mode))
        words = sorted((_counts(one, text, at), one) for at, one in told)[::-1]
        if mode.code in named:
            yield Guess(mode, f"{mode.code} {mode.slug}", 10.0)
        elif words and words[0][0]:
            second = words[1][0] if words[1:] else 0.0
            yield Guess(mode, words[0][1], words[0][0] + SECOND * second)


def _is(code: str, slug: str) -> bool:
    mode = catalogue.find(code)
    return mode is not None and mode.slug == slug


def _counts(words: str, text: _Text, place: int) -> float:
    """Return the weight of *words* in the text, 0 if they do not occur."""
    first, *others = map(_pattern, words.split(" + "))
    if not text.has(first) or not all(map(text.has, others)):
        return 0.0
    here = 1.0 if text.says(first) else ELSEWHERE
    here += LONGER * min(len(words), 60)
    return here + BOTH * len(others) - SHARED * (_sharing()[words] - 1) - LATER * place


@cache
def _sharing() -> Counter[str]:
    """Return how many modes share each message."""
    return Counter(words for mode in catalogue.modes() for words in catalogue.says(mode))


@cache
def _pattern(words: str) -> re.Pattern[str]:
    parts = [r"\s+".join(map(re.escape, part.split(" "))) for part in words.split("…")]
    return re.compile(GAP.join(parts), re.IGNORECASE)


@dataclass(frozen=True)
class _Text:
    """A pasted text in one line, and the parts of it that are not source code."""

    whole: str
    said: tuple[range, ...]

    def has(self, words: re.Pattern[str]) -> bool:
        return words.search(self.whole) is not None

    def says(self, words: re.Pattern[str]) -> bool:
        """Return whether *words* begin in a message; they may run on into the next line."""
        return any(
            found.start() in line for found in words.finditer(self.whole) for line in self.said
        )


def _read(text: str) -> _Text:
    """Return *text* without colours and margins."""
    if len(text) > LONGEST:
        text = text[: LONGEST // 2] + "\n" + text[-LONGEST // 2 :]
    lines = dedent(COLOURS.sub("", text)).splitlines()
    only_source = all(SOURCE.match(line) for line in lines if line.strip())
    parts, said, at = [], [], 0
    for line in lines:
        part = MARGIN.sub("", line).rstrip() + " "
        if only_source or not SOURCE.match(line):
            said.append(range(at, at + len(part)))
        parts.append(part)
        at += len(part)
    return _Text("".join(parts), tuple(said))
