"""Answers to the exercise of LC608: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc608_django_thread import SKELETON

SKELETON_SAYS = ("every test runs and passes", "DoesNotExist")
changed = partial(in_text, text=SKELETON)

DB = "def monday(db):"
WIDE = (DB, "def monday(transactional_db):")
READS = 'Night.objects.get(name="Monday").hours'
AWAITS = (READS, '(await Night.objects.aget(name="Monday")).hours')
CREATES = '    return Night.objects.create(name="Monday", hours=3)\n'
MARK, COROUTINE = "@pytest.mark.asyncio\n", "async def test"
IMPORT = "import pytest\n"
FIXTURE = "@pytest.fixture\ndef monday(db):"
IN_A_THREAD = (
    (IMPORT, "import pytest\nimport pytest_asyncio\n"),
    (FIXTURE, "@pytest_asyncio.fixture\nasync def monday(db):"),
    (CREATES, '    return await Night.objects.acreate(name="Monday", hours=3)\n'),
)
UNSAFE = (
    CREATES,
    f'    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")\n{CREATES}',
)

RIGHT = {
    "a mark of the test": changed(
        AWAITS, (MARK, f"@pytest.mark.django_db(transaction=True)\n{MARK}")
    ),
    "the same row, read again": changed(
        WIDE,
        (f"    assert {READS}", "    await monday.arefresh_from_db()\n    assert monday.hours"),
    ),
    "plain tests": changed(
        (IMPORT, f"{IMPORT}from asgiref.sync import async_to_sync\n"),
        (MARK, ""),
        (COROUTINE, "def test"),
        ("await book(", "async_to_sync(book)("),
    ),
    "a plain query in a thread": changed(
        WIDE,
        (IMPORT, f"{IMPORT}from asgiref.sync import sync_to_async\n"),
        (READS, '(await sync_to_async(Night.objects.get)(name="Monday")).hours'),
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the async method alone": (changed(AWAITS), "every test", ""),
    "the tables alone": (changed(WIDE), "every test", "a plain query in a coroutine"),
    "a row of another thread": (changed(AWAITS, *IN_A_THREAD), "every test", "So it stays"),
    "the check off": (
        changed((DB, "def monday(transactional_db, monkeypatch):"), UNSAFE),
        "Django's own check",
        "runs without that variable",
    ),
    "the check off, and one transaction": (
        changed((DB, "def monday(db, monkeypatch):"), UNSAFE),
        "every test",
        "",
    ),
    "nothing read again": (
        changed(WIDE, (f"    assert {READS} == 1\n", ""), (f"    assert {READS} == 3\n", "")),
        "a booking that is not saved",
        "Only the database knows",
    ),
    "skipped": (changed((MARK, "@pytest.mark.skip\n")), "every test", "books nothing"),
}
