"""Words that differ by machine, by Python or by run are masked; the rest is left alone."""

import asyncio
import os

import pytest

from loopcheck.lab.projects.output_masks import mask

QUEUES = asyncio.queues.__file__
UNTOUCHED = (
    "assert 3 == 1",
    "test_cart.py:12: in test_read",
    "waited in 0.12s",
    "tests/lib/python/x.py:3",
    "../shop/test_cart.py:3",
    "RuntimeError: Event loop is closed",
    "Title\n~~~~~\n^\n",
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<Lock object at 0x7f28f42979d0 [locked]>", "<Lock object at 0x… [locked]>"),
        (f"{QUEUES}:158: in get", "asyncio/queues.py: in get"),
        (f'File "{QUEUES}", line 158, in get', 'File "asyncio/queues.py", in get'),
        (f"{pytest.__file__}:3: x", "pytest/__init__.py: x"),
        (f"../../..{pytest.__file__}:3: x", "pytest/__init__.py: x"),
        ("../me/lib/python3.11/site-packages/_pytest/config.py:3", "_pytest/config.py"),
        ("../../lib/python3.13/asyncio/queues.py:3", "asyncio/queues.py"),
        ("Task pending name='Task-17'", "Task pending name='Task-N'"),
        ("Thread-3 (work)", "Thread-N (work)"),
        ("<sys>:0: RuntimeWarning: never", "sys:1: RuntimeWarning: never"),
        ("<AsyncMock id='140123456789'>", "<AsyncMock id='…'>"),
        (f"FAILED t_{'0a' * 16}.py::test_two - X", "FAILED test_two - X"),
        (f"ERROR collecting t_{'0a' * 16}.py", "ERROR collecting cell"),
        ("/tmp/ipykernel_31/123.py:3: in f", "cell:3: in f"),
        ("\x1b[31m1 failed\x1b[0m, 2 passed in 0.12s", "1 failed, 2 passed"),
        ("== 3 errors in 61.00s (0:01:01) ==", "== 3 errors =="),
        ("no tests ran in 0.00s", "no tests ran"),
        ("    KEYS[name]\n    ~~~~^^^^^^\nKeyError", "    KEYS[name]\nKeyError"),
        *((same, same) for same in UNTOUCHED),
    ],
)
def test_a_word_is_masked_or_left(said: str, shown: str) -> None:
    assert mask(said) == shown


def test_files_of_a_project_read_as_their_author_wrote_them() -> None:
    folder = os.path.join(os.sep, "tmp", "a b", "cart")
    assert mask(f"at {folder}{os.sep}test_cart.py:3", [folder]) == "at test_cart.py:3"
