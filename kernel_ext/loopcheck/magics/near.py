"""The nearest known names for a mistyped one."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

ASKED = ("help", "--help", "-h")  # for what a magic can do


def near(word: str, names: Iterable[str]) -> str:
    """Return " Did you mean `client`?", or an empty text: it suggests, and never guesses.

    Of names that are equally near it suggests each, up to three: `LC12` may be LC102 or LC212.
    """
    folded = {name.lower(): name for name in names}
    found = get_close_matches(word.lower(), folded)
    if not found:
        return ""
    nearness = {name: SequenceMatcher(None, name, word.lower()).ratio() for name in found}
    best = nearness[found[0]]
    *others, last = sorted(f"`{folded[name]}`" for name in found if nearness[name] == best)
    return f" Did you mean {', '.join(others)} or {last}?" if others else f" Did you mean {last}?"
