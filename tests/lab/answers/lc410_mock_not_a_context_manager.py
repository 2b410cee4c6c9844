"""Answers to the exercise of LC410: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc410_mock_not_a_context_manager import SKELETON

SKELETON_SAYS = ("every test runs and passes", "bare: it is not '?'")

OPENS, COROUTINE, MOCK = "it opens", "coroutine", "Mock"
TRUE = {
    "bare": COROUTINE,
    "sync": OPENS,
    "plain": MOCK,
    "entered": COROUTINE,
    "opened": OPENS,
    "spec": OPENS,
}


def said(**other: str) -> str:
    """Return the right answers, but for these."""
    return f"says = {TRUE | other!r}\n"


RIGHT = {
    "a dict": said(),
    "with keywords": "says = dict(" + ", ".join(f"{k}={v!r}" for k, v in TRUE.items()) + ")\n",
    "by what opens": """
says = dict.fromkeys(["bare", "entered"], "coroutine") | {"plain": "Mock"}
for name in ("sync", "opened", "spec"):
    says[name] = "it opens"
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "bare opens": (said(bare=OPENS), "every test", "this line doesn't enter it"),
    "entered opens": (said(entered=OPENS), "every test", "Nothing awaits it here"),
    "sync does not open": (said(sync=MOCK), "every test", "which are async without any"),
    "opened does not open": (said(opened=COROUTINE), "every test", "which are async without any"),
    "plain opens": (said(plain=OPENS), "every test", "none of the magic methods"),
    "the spec does not open": (said(spec=COROUTINE), "every test", "the class decides"),
    "a word of its own": (said(spec="yes"), "every test", ""),
    "one left out": (SKELETON.replace('    "spec": "?",\n', ""), "every test", ""),
    "all open": (said(**dict.fromkeys(TRUE, OPENS)), "every test", "two underscores"),
}
