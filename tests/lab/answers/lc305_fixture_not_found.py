"""Answers to the exercise of LC305: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc305_fixture_not_found import SKELETON

SKELETON_SAYS = ("every test runs and passes", "dock asks for crew: it is not '?'")

TRUE = {
    "quay asks for crew": "quay/conftest.py",
    "quay asks for buoy": "nowhere",
    "dock asks for crew": "conftest.py",
    "dock asks for crane": "nowhere",
    "dock asks for pilot": "nowhere",
    "dock asks for tide": "not run",
}


def saying(**other: str) -> str:
    """Return the right answers but for *other*, by question: `dock_tide`."""
    said = {question.replace(" asks for ", " "): answer for question, answer in TRUE.items()}
    said |= {question.replace("_", " "): answer for question, answer in other.items()}
    return f"answers = { ({q.replace(' ', ' asks for '): a for q, a in said.items()}) }"


RIGHT = {
    "one dict": saying(),
    "nowhere unless said": f"""
from collections import defaultdict

answers = defaultdict(lambda: "nowhere")
answers |= { ({q: a for q, a in TRUE.items() if a != "nowhere"}) }
""",
    "by asker": """
QUAY = {"crew": "quay/conftest.py", "buoy": "nowhere"}
DOCK = {"crew": "conftest.py", "crane": "nowhere", "pilot": "nowhere", "tide": "not run"}
answers = {f"quay asks for {name}": file for name, file in QUAY.items()}
for name, file in DOCK.items():
    answers[f"dock asks for {name}"] = file
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a sister folder": (saying(dock_crane="quay/conftest.py"), "every test", "side by side"),
    "the outermost": (saying(quay_crew="conftest.py"), "every test", "the nearest wins"),
    "a class": (saying(quay_buoy="quay/test_quay.py"), "every test", "methods of that class"),
    "no decorator": (saying(dock_pilot="conftest.py"), "every test", "no decorator"),
    "found and not run": (saying(dock_tide="conftest.py"), "every test", "That is LC301"),
    "not found": (saying(dock_tide="nowhere"), "every test", "It is in reach"),
    "found and run": (saying(dock_pilot="not run"), "every test", ""),
    "one is missing": (SKELETON.replace('    "dock asks for tide": "?",\n', ""), "every test", ""),
    "nothing": ("", "all seven", ""),
}
