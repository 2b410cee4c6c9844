"""Which lessons and exercises a browser tab can't run, why, and what to do instead.

`scripts/try_lite.py` finds out, and a test holds both lists to what it saw.
"""

from loopcheck import abilities

THREADS = "Its tests hang or block, and a thread has to watch them."
GREENLET = "It uses SQLAlchemy's asyncio part, which needs greenlet."
DRIVER = "Its database driver works in a thread."
# By notebook: nothing in it would run to its end.
LESSONS: dict[str, str] = {
    "85_clinic_six": GREENLET,
    "90_old_advice": "Its recipes start threads, processes and PostgreSQL.",
    "91_case_studies": "Its cases are stopped when they hang, which needs a thread.",
    "lc104_loop_policy": "Its bell is a signal, and its lamp a child process.",
    "lc107_blocked_loop": "It blocks a loop on purpose, and a thread has to watch it.",
    "lc203_hang": THREADS,
    "lc204_spin": THREADS,
    "lc207_swallowed_cancel": THREADS,
    "lc209_exit_blocked": "Its threads keep a process from its end.",
    "lc312_wrong_backend": "It uses trio, which has no loop for a browser.",
    "lc402_async_mock_for_sync_call": "It starts a real PostgreSQL.",
    "lc410_mock_not_a_context_manager": "It starts a real PostgreSQL.",
    "lc405_mocked_sleep": THREADS,
    "lc406_mocked_executor": "It runs code in an executor's threads.",
    "lc411_frozen_clock": THREADS,
    "lc503_wrong_exception_class": "Its locks need Lua, which the stand-in for Valkey lacks.",
    "lc505_dirty_store": "One of its runs is killed, and a tab has no process for that.",
    "lc506_server_unreachable": "It breaks a real server, and the stand-in has no such fault.",
    "lc601_missing_table": DRIVER,
    "lc602_table_exists": DRIVER,
    "lc603_pool_exhausted": GREENLET,
    "lc604_stale_pool": "It restarts a real PostgreSQL.",
    "lc605_wrong_endpoint": "It starts real servers.",
    "lc606_shared_session": GREENLET,
    "lc607_missing_greenlet": GREENLET,
    "lc608_django_thread": "Django runs queries in threads.",
}
# By lesson: its cells run, its exercise can't be graded.
EXERCISES: dict[str, str] = {
    "lc101_loop_closed": "Its tests run a server in a thread.",
    "lc103_nested_run": "One of its checks starts a thread.",
    "lc307_unclosed_resource": "Its tests run a server in a thread.",
    "lc408_wrong_override_signature": "Its tests use a `TestClient`, which starts a thread.",
}
WAYS = (
    '`pip install "loopcheck[workbook]"`, then `loopcheck lab`',
    "the *Binder* link of the project's page",
    "a clone of the project: `make lab`",
)


def why_not_lesson(stem: str) -> str | None:
    """Return why the lesson can't run here; None if it can."""
    return None if abilities.PROCESSES else LESSONS.get(stem)


def why_not_exercise(stem: str) -> str | None:
    """Return why the exercise can't be graded here; None if it can."""
    return None if abilities.PROCESSES else EXERCISES.get(stem, LESSONS.get(stem))


def advice(subject: str, why: str) -> str:
    """Return that *subject* needs a real Python, why, and the ways to one."""
    ways = "\n".join(f"  {number}. {way}" for number, way in enumerate(WAYS, 1))
    return f"{subject} needs a real Python: three ways to get one. {why}\n{ways}"


class NeedsRealPython(Exception):
    """Ends a run of all cells, and shows its words without a traceback.

    A `UsageError` does not: the kernel of a browser tab goes on to the next cell.
    """

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def stop(stem: str) -> None:
    """End a run of all cells if the lesson can't run here."""
    if why := why_not_lesson(stem):
        raise NeedsRealPython(advice("This lesson", why))
