"""Answers to the exercise of LC503: the right ones and the wrong turns."""

NAMES = ("a_limit", "a_socket", "a_store", "a_page", "a_late_page", "a_thread")
TRUTH = ("TimeoutError", "ConnectionError", "neither", "neither", "neither", "TimeoutError")

SKELETON_SAYS = ("every test runs and passes", "a_limit: it is not '?'")


def says(**others: str) -> str:
    """Return the right answers, but for *others*."""
    return f"caught_by = {dict(zip(NAMES, TRUTH, strict=True)) | others!r}\n"


RIGHT = {
    "a dict": says(),
    "a default": """
from collections import defaultdict
caught_by = defaultdict(lambda: "neither", a_socket="ConnectionError")
caught_by["a_limit"] = caught_by["a_thread"] = "TimeoutError"
""",
    "asked of the classes": """
import httpx
import valkey.exceptions

raised = {
    "a_limit": TimeoutError,
    "a_socket": ConnectionRefusedError,
    "a_store": valkey.exceptions.ConnectionError,
    "a_page": httpx.ConnectError,
    "a_late_page": httpx.ReadTimeout,
    "a_thread": TimeoutError,
}
caught_by = {}
for name, error in raised.items():
    handlers = [one for one in (TimeoutError, ConnectionError) if issubclass(error, one)]
    caught_by[name] = handlers[0].__name__ if handlers else "neither"
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "by the name": (says(a_store="ConnectionError"), "every test", "it is a different class"),
    "by the meaning": (
        says(a_page="ConnectionError", a_late_page="TimeoutError"),
        "every test",
        "httpx raises its own classes",
    ),
    "as before 3.11": (
        says(a_limit="neither", a_thread="neither"),
        "every test",
        "before Python 3.11",
    ),
    "all are other classes": (
        says(a_socket="neither"),
        "every test",
        "the system refuses",
    ),
    "a word that is none": (says(a_page="httpx"), "every test", ""),
}
