"""The modes that show up with a library, a class or a function: for names that no page mentions.

`library_names.json` lists them. It is made from the samples that show each mode, see
`tests/cli/test_library_names.py`.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from loopcheck.modes import catalogue
from loopcheck.modes.catalogue import Mode

FILE = Path(__file__).with_suffix(".json")


def modes(words: Sequence[str]) -> list[Mode]:
    """Return the modes that show up with all of *words*, those with most samples first."""
    known = [_modes_by_name().get(word.casefold(), []) for word in words]
    codes = [code for code in known[0] if all(code in one for one in known)] if known else []
    return [mode for mode in map(catalogue.find, codes) if mode is not None]


@cache
def _modes_by_name() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
