"""Arguments of a magic: wrong usage gives one line with the nearest choices, never a traceback."""

import argparse
import shlex
from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import NoReturn, TypeVar

from IPython.core.error import UsageError

Magic = TypeVar("Magic", bound=Callable[..., object])


class Arguments(argparse.ArgumentParser):
    """A parser for the line of the magic *name*; *usage* shows how to write that line."""

    def __init__(self, name: str, usage: str) -> None:
        super().__init__(prog=name, usage=usage, add_help=False, allow_abbrev=False)

    def read(self, line: str) -> argparse.Namespace:
        """Return the arguments that *line* holds."""
        return self.parse_args(self.words(line))

    def words(self, line: str) -> list[str]:
        """Return the words of *line*; quotes keep words together."""
        try:
            return shlex.split(line)
        except ValueError as error:  # a quote that is never closed
            self.error(str(error).lower())

    def error(self, message: str) -> NoReturn:
        """Raise a UsageError that says what is wrong and how to write the line."""
        said = message.replace("the following arguments are required:", "it needs")
        raise UsageError(f"{self.prog}: {said}. Write: {self.usage}")


def near(word: str, known: Collection[str]) -> str:
    """Return ` Did you mean …?` if one of *known* resembles *word*, else an empty text."""
    upper = {name.upper(): name for name in known}
    found = get_close_matches(word.upper(), upper, n=1)
    return f" Did you mean {upper[found[0]]}?" if found else ""


def as_written(magic: Magic) -> Magic:
    """Keep IPython from filling `{…}` and `$…` in the line of *magic* from the namespace."""
    setattr(magic, "_ipython_magic_no_var_expand", True)  # noqa: B010 (functions have no such field)
    return magic
