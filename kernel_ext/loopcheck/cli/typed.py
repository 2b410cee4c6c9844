"""Parses the words of the command `loopcheck`: wrong input gives one line."""

import argparse
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

COMPLETE = "--complete"  # a shell's call: which words may follow?
FEW = 12  # number of names that fit in a readable line
LONGEST = 60  # characters shown of the input


class WrongInput(Exception):
    """One line for the user."""


class Known(Exception):
    """The options of a command, for a shell that completes them."""

    def __init__(self, options: Collection[str]) -> None:
        super().__init__()
        self.options = [option for option in options if option != "-h"]


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, with the nearest choice."""

    def __init__(self, name: str, about: str) -> None:
        super().__init__(prog=f"loopcheck {name}", description=about, allow_abbrev=False)

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        if list(words) == [COMPLETE]:
            raise Known(self._option_string_actions)
        asked, unknown = self.parse_known_args(words)
        if not unknown:
            return asked
        if unknown[0].startswith("-"):
            raise WrongInput(no_such("option", unknown[0], self._option_string_actions, self.prog))
        raise WrongInput(f"`{unknown[0]}` is one word too many. Try: {self.prog} --help")

    def error(self, message: str) -> NoReturn:
        raise WrongInput(f"{message[0].upper()}{message[1:]}. Try: {self.prog} --help")


def folder_of(said: str, usage: str) -> Path:
    """Return the folder that *said* names, even if it does not exist; raise if no folder can."""
    try:
        there = Path(said).expanduser().resolve()
        with suppress(FileNotFoundError, NotADirectoryError):
            there.stat()  # 3.14: `exists` returns False for any invalid name
    except (OSError, ValueError, RuntimeError) as error:  # too long, with a zero byte, ~nobody
        reason = getattr(error, "strerror", None) or str(error)
        shown = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
        raise WrongInput(f"`{shown}` can't be a folder: {reason}. Try: loopcheck {usage}") from None
    return there


def no_such(kind: str, word: str, known: Collection[str], command: str, some: str = "") -> str:
    """Return an error that *word* is unknown, with the nearest words, and what to type instead.

    *some* is for the case that none is near, when listing all would be unreadable.
    """
    from difflib import get_close_matches  # late: 3 ms, for wrong input only

    by_lower = {name.lower(): name for name in known}
    near = [by_lower[name] for name in get_close_matches(word.lower(), by_lower, cutoff=0.65)]
    if near:
        choices = f": near are {', '.join(near)}" if len(near) > 1 else ""
        return f"No {kind} `{word}`{choices}. Try: {command} {near[0]}"
    if not known:
        return f"No {kind} `{word}`: there is none yet."
    names = list(known)
    few = ", ".join(names) if len(names) <= FEW else f"{names[0]} and {len(names) - 1} more"
    return f"No {kind} `{word}`: there are {some or f'{few}.'}"
