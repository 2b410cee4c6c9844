"""Answers to the exercise of LC209: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc209_exit_blocked import SKELETON

SKELETON_SAYS = (
    "the process ends after its last test, and leaves no other one running",
    "still ran after its last test",
)
changed = partial(in_text, text=SKELETON)

RETURNS = "    return Telegraph(archive)\n"
YIELDS = "    telegraph = Telegraph(archive)\n    yield telegraph\n"
STOPS = '    telegraph.send("STOP")\n'
JOINS = "    telegraph.clerk.join()\n"
FIRST = '    assert archive == ["ARRIVE MONDAY"]\n'
SECOND = '    assert archive == ["LEAVE", "AT", "DAWN"]\n'
OPENED = f"""\
@contextmanager
def opened(archive):
    telegraph = Telegraph(archive)
    try:
        yield telegraph
    finally:
    {STOPS}    {JOINS}"""

RIGHT = {
    "a finalizer": changed(
        ("def telegraph(archive):", "def telegraph(archive, request):"),
        (
            RETURNS,
            "    telegraph = Telegraph(archive)\n"
            '    request.addfinalizer(lambda: telegraph.send("STOP"))\n'
            "    return telegraph\n",
        ),
    ),
    "an async fixture": changed(
        ("import pytest\n", "import asyncio\n\nimport pytest\nimport pytest_asyncio\n"),
        (
            f"@pytest.fixture\ndef telegraph(archive):\n{RETURNS}",
            f"@pytest_asyncio.fixture\nasync def telegraph(archive):\n{YIELDS}{STOPS}"
            "    await asyncio.to_thread(telegraph.clerk.join)\n",
        ),
    ),
    "one telegraph for the module": changed(
        ("@pytest.fixture\n", '@pytest.fixture(scope="module")\n'),
        (RETURNS, YIELDS + STOPS + JOINS),
        (FIRST, FIRST + "    archive.clear()\n"),
        (SECOND, SECOND + "    archive.clear()\n"),
    ),
    "a context manager in each test": changed(
        ("import pytest\n", "from contextlib import contextmanager\n\nimport pytest\n"),
        (f"@pytest.fixture\ndef telegraph(archive):\n{RETURNS}", OPENED),
        ("(telegraph, archive):\n", "(archive):\n  with opened(archive) as telegraph:\n"),
    ),
    "in a finally": changed(
        (
            RETURNS,
            f"    telegraph = Telegraph(archive)\n    try:\n        yield telegraph\n"
            f"    finally:\n    {STOPS}    {JOINS}",
        ),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "in the last lines of the tests": (
        changed((FIRST, FIRST + STOPS + JOINS), (SECOND, SECOND + STOPS + JOINS)),
        "the clerk ends when a test fails",
        "the lines below it do not run",
    ),
    "a daemon afterwards": (
        changed((RETURNS, f"{YIELDS}    telegraph.clerk.daemon = True\n")),
        "every test",
        "when it starts",
    ),
    "join without a word": (
        changed((RETURNS, YIELDS + JOINS)),
        "every test",
        "the clerk for the wire",
    ),
    "an empty message": (
        changed((RETURNS, f'{YIELDS}    telegraph.send("")\n')),
        "the process ends after",
        "",
    ),
    "only one test": (
        changed((FIRST, FIRST + STOPS)),
        "the process ends after",
        "",
    ),
    "skipped": (
        changed(("@pytest.mark.asyncio\n", "@pytest.mark.skip\n")),
        "every test",
        "sends nothing",
    ),
}
