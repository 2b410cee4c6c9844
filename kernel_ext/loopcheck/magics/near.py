"""A name that was meant, where one is near."""

from collections.abc import Iterable
from difflib import get_close_matches

ASKED = ("help", "--help", "-h")  # for what a magic can do


def near(word: str, names: Iterable[str]) -> str:
    """Return " Did you mean `client`?", or nothing: suggest, never guess."""
    folded = {name.lower(): name for name in names}
    found = get_close_matches(word.lower(), folded, n=1)
    return f" Did you mean `{folded[found[0]]}`?" if found else ""
