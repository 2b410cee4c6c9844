"""Names are stable, numbers begin anew, and neither an address nor a secret is ever said."""

import asyncio
import os
import subprocess
import sys
import time

import pytest

from loopcheck.labels import Labels, plain


def test_a_loop_keeps_its_number_and_the_next_gets_the_next() -> None:
    labels, one, two = Labels("/"), asyncio.new_event_loop(), asyncio.new_event_loop()
    try:
        assert [labels.of("loop", loop) for loop in (one, two, one)] == [
            "loop 1",
            "loop 2",
            "loop 1",
        ]
    finally:
        one.close()
        two.close()


def test_files_are_named_from_the_root_and_cells_by_number() -> None:
    labels = Labels("/shop", cells={"/tmp/ipykernel_77/123.py": 4})
    assert labels.file("/shop/tests/conftest.py") == "tests/conftest.py"
    assert labels.file("/tmp/ipykernel_77/123.py") == "cell 4"
    assert labels.file("/tmp/ipykernel_77/999.py") == "cell"


def test_the_file_that_ipytest_makes_up_is_not_shown() -> None:
    assert Labels("/").node(f"t_{'0a' * 16}.py::test_one") == "cell::test_one"


@pytest.mark.parametrize(
    "said",
    [
        "redis://:hunter2@host/0",
        "postgresql://ada:hunter2@host/shop",
        "connect(password='hunter2')",
        'password = "hunter2"',
        "api_key=hunter2",
        "{'token': 'hunter2'}",
        "DB_PASSWORD: hunter2",
    ],
)
def test_secrets_are_masked(said: str) -> None:
    assert "hunter2" not in plain(said)
    assert "***" in plain(said)


def test_addresses_are_left_out() -> None:
    assert plain("<Queue at 0x7f787cd42c10 maxsize=0>") == "<Queue maxsize=0>"


@pytest.mark.parametrize(
    ("test", "shown"),
    [
        ("a.py::test_a[redis://:hunter2@host/0-x]", "a.py::test_a[redis://:***@host/0-x]"),
        ("a.py::test_a[password=hunter2]", "a.py::test_a[password=***]"),
        ("a.py::test_a[0x7f00aa00]", "a.py::test_a[0x7f00aa00]"),
        ("a.py::password::test_a", "a.py::password::test_a"),
        ("a.py::test_a[token=hunter2", "a.py::test_a[token=***"),
    ],
)
def test_a_secret_among_a_tests_parameters_is_not_said(test: str, shown: str) -> None:
    assert Labels("/").node(test) == shown


@pytest.mark.parametrize("part", ["a-b.", "x", "token-", "a://", "a b:", "-password"])
def test_a_long_text_is_masked_in_one_go(part: str) -> None:
    """Once it was read anew from each word on: 100 kB took minutes."""
    began = time.process_time()
    assert plain(f"{part * 50_000} token=hunter2").endswith("token=***")
    assert time.process_time() - began < 10


FORKS = """
import asyncio, os, signal, threading
from loopcheck.labels import LOCK
from loopcheck.watch import loops

def holds():
    with LOCK:
        held.set()
        threading.Event().wait()

loops.install()
held = threading.Event()
threading.Thread(target=holds, daemon=True).start()
held.wait()
if (child := os.fork()) == 0:
    signal.alarm(10)
    asyncio.new_event_loop().close()
    os._exit(0)
os._exit(os.waitpid(child, 0)[1])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no child there has its parent's locks")
def test_a_child_that_is_forked_while_a_thread_looks_can_make_a_loop() -> None:
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", FORKS], timeout=60).returncode == 0
