"""Answers to the exercise of LC601: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc601_missing_table import SKELETON

SKELETON_SAYS = ("every test runs and passes", "one_engine: it is not '?'")

THERE, MISSING = "there", "missing"
TRUE = {
    "one_engine": THERE,
    "two_engines": MISSING,
    "null_pool": MISSING,
    "not_imported": MISSING,
    "in_a_file": THERE,
    "not_committed": MISSING,
}


def said(**other: str) -> str:
    """Return the right answers, but for these."""
    return f"says = {TRUE | other!r}\n"


RIGHT = {
    "a dict": said(),
    "with keywords": "says = dict(" + ", ".join(f"{k}={v!r}" for k, v in TRUE.items()) + ")\n",
    "by what is there": """
from collections import defaultdict

says = defaultdict(lambda: "missing")
says["one_engine"] = says["in_a_file"] = "there"
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "memory is nowhere": (said(one_engine=MISSING), "every test", "connection and lends it to"),
    "one URL, one database": (said(two_engines=THERE), "every test", "the database is not"),
    "one engine, one database": (said(null_pool=THERE), "every test", "`NullPool` opens"),
    "create_all makes all": (said(not_imported=THERE), "every test", "and reports nothing"),
    "disposed of": (said(in_a_file=MISSING), "every test", "engine only closes its connections"),
    "connect commits": (said(not_committed=THERE), "every test", "`begin()` would have committed"),
    "a word of its own": (said(null_pool="gone"), "every test", ""),
    "one left out": (SKELETON.replace('    "null_pool": "?",\n', ""), "every test", ""),
}
