"""Answers to the exercise of LC207: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc207_swallowed_cancel import SKELETON

SKELETON_SAYS = ("every test runs and passes", "mash: not '?'")

TRUE = {
    "mash": "cancelled",
    "boil": "goes on",
    "cool": "cancelled",
    "fill": "returns",
    "label": "returns",
    "ship": "cancelled",
}


def saying(**other: str) -> str:
    return f"answers = {TRUE | other}"


RIGHT = {
    "one dict": saying(),
    "cancelled unless said": """
from collections import defaultdict

answers = defaultdict(lambda: "cancelled", boil="goes on", fill="returns", label="returns")
""",
    "by what becomes of them": """
BECOMES = {"cancelled": "mash cool ship", "returns": "fill label", "goes on": "boil"}
answers = {name: word for word, names in BECOMES.items() for name in names.split()}
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "Exception catches all": (saying(mash="goes on"), "every test", "is a BaseException"),
    "caught is dropped": (saying(cool="returns"), "every test", "keeping it is not"),
    "a finally": (saying(fill="cancelled"), "every test", "A `finally` that runs to"),
    "its own or another's": (
        saying(ship="returns"),
        "every test",
        "`suppress` is about another task",
    ),
    "a bare except": (saying(boil="cancelled"), "every test", "goes round its loop again"),
    "label is cancelled": (saying(label="cancelled"), "every test", ""),
    "one is missing": (SKELETON.replace('    "ship": "?",\n', ""), "every test", ""),
}
