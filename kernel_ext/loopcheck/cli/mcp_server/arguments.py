"""Which of pytest's arguments a client may give: known options, and places in one folder.

An option can name a file to read, to write or to import, so that only options that name none are
known here; those that name a test or a folder are checked like one. A client gets no further with
short forms: each word is taken apart, and put together again with its value.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from loopcheck.cli.typed import LONGEST, WrongInput
from loopcheck.report._story import visible

FLAGS = frozenset(
    {"-x", "--exitfirst", "-q", "--quiet", "-v", "--verbose", "-l", "--showlocals", "-s"}
    | {"--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--new-first"}
    | {"--sw", "--stepwise", "--sw-skip", "--stepwise-skip"}
    | {"--runxfail", "--no-header", "--no-summary", "--continue-on-collection-errors"}
    | {"--loopcheck", "--loopcheck-again"}
)
VALUES = frozenset(
    {"-k", "-m", "-n", "-r", "-p", "--numprocesses", "--dist", "--maxfail", "--tb", "--color"}
    | {"--durations", "--verbosity", "--capture", "--show-capture", "--import-mode"}
    | {"--asyncio-mode", "--timeout", "--loopcheck-hang", "--loopcheck-fail"}
)
PLACES = frozenset({"--deselect", "--ignore"})
MOST_WORDS, MOST_CHARACTERS = 200, 4000
MOST_PROCESSES = 32
NUMBERS = frozenset({"-n", "--numprocesses"})
UNPLUGGED = re.compile(r"no:(?!loopcheck)[\w.-]+")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a client may give to pytest; *allowed* are options that the server's starter adds."""

    root: Path
    allowed: tuple[str, ...] = ()

    def checked(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return *words* for pytest; raise `WrongInput` for the first that may not be given."""
        if len(words) > MOST_WORDS or sum(map(len, words)) > MOST_CHARACTERS:
            raise WrongInput(f"More than {MOST_WORDS} words or {MOST_CHARACTERS} characters.")
        for word in words:
            if not word.isprintable():
                raise WrongInput(f"`{_clipped(visible(word))}` has an invisible character.")
        return tuple(self._checked(list(words)))

    def _checked(self, words: list[str]) -> Iterator[str]:
        while words:
            word = words.pop(0)
            if word.startswith("--"):
                yield self._long(word, words)
            elif word.startswith("-"):
                yield from self._taken_apart(word, words)
            else:
                yield self.place(word)

    def _long(self, word: str, later: list[str]) -> str:
        name, sign, value = word.partition("=")
        if name in self.allowed or (name in FLAGS and not sign):
            return word
        if name not in VALUES | PLACES:
            raise self._unknown(name)
        return f"{name}={self._value(name, value if sign else None, later)}"

    def _taken_apart(self, word: str, later: list[str]) -> Iterator[str]:
        """Yield each option of a word like `-xvk`; the last may have its value attached."""
        rest = word[1:]
        if not rest or word in self.allowed:
            yield self._long(word, later)
            return
        while rest:
            name, rest = f"-{rest[0]}", rest[1:]
            if name in FLAGS:
                yield name
            elif name in VALUES:
                yield f"{name}{self._value(name, rest or None, later)}"
                return
            else:
                raise self._unknown(name if name == word else f"{name} in {word}")

    def _value(self, name: str, value: str | None, later: list[str]) -> str:
        if value is None:
            if not later:
                raise WrongInput(f"`{name}` needs a value.")
            value = later.pop(0)
        if name in PLACES:
            return self.place(value)
        if name == "-p" and not UNPLUGGED.fullmatch(value):
            raise WrongInput(f"`-p {_clipped(value)}` loads code: only -p no:NAME is allowed.")
        if name in NUMBERS and not _is_number_of_processes(value):
            raise WrongInput(f"`{name} {_clipped(value)}`: write auto, or 0 to {MOST_PROCESSES}.")
        return value

    def place(self, word: str) -> str:
        """Return *word*, a file, a folder or a test in it; raise if it is not in the root."""
        name, _, _ = word.partition("::")
        try:
            found = (self.root / name).resolve()
            there = found.exists()
        except (OSError, ValueError, RuntimeError):  # too long, a zero byte, a loop of links
            there, found = False, self.root
        if not found.is_relative_to(self.root):
            raise WrongInput(
                f"`{_clipped(name)}` is outside of {self.root}, where loopcheck mcp was started. "
                "Name a file, a folder or a test in it."
            )
        if not there or not name or name.startswith("@"):
            raise WrongInput(f"No file or folder `{_clipped(name)}` in {self.root}.")
        return word

    def _unknown(self, name: str) -> WrongInput:
        known = [one for one in (*FLAGS, *VALUES, *PLACES, *self.allowed) if one[1] == "-"]
        near = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
        return WrongInput(
            f"A client may not give pytest the option `{_clipped(name)}`."
            + (f" Near is {near[0]}." if near else "")
            + f" Whoever starts the server can allow it: loopcheck mcp --allow={_clipped(name)}"
        )


def _is_number_of_processes(value: str) -> bool:
    digits = value.isascii() and value.isdigit() and len(value) <= len(str(MOST_PROCESSES))
    return value in ("auto", "logical") or (digits and int(value) <= MOST_PROCESSES)


def _clipped(said: str) -> str:
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
