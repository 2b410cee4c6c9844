"""The nearest known name for a mistyped one."""

from collections.abc import Iterable
from difflib import get_close_matches

ASKED = ("help", "--help", "-h")  # for what a magic can do


def near(word: str, names: Iterable[str]) -> str:
    """Return " Did you mean `client`?", or an empty text: it suggests, and never guesses."""
    folded = {name.lower(): name for name in names}
    found = get_close_matches(word.lower(), folded, n=1)
    return f" Did you mean `{folded[found[0]]}`?" if found else ""
