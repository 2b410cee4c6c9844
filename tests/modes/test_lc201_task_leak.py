"""LC201: it names the task that its loop had to cancel, and leaves all that is owned alone."""

from dataclasses import replace

from loopcheck.modes.tasks.lc201_task_leak import SUPERSEDES, detect
from loopcheck.modes.tasks.lc201_task_leak.evidence import Survivor, find_survivor
from loopcheck.records import ErrorRecord, Evidence, LeakedTask, Place, TestRecord

STARTED, WAITS = Place("shop/jobs.py", 9, "run"), Place("shop/jobs.py", 13, "run")
WORKER = LeakedTask(
    coroutine="Worker.run", owner="user", scope="function", made_at=STARTED, waits_at=WAITS
)
TEST = TestRecord(nodeid="test_jobs.py::test_job", name="test_job", phase="call")


def test_the_task_its_start_and_where_it_waits_are_named() -> None:
    [found] = detect(Evidence(test=TEST, leaked=(WORKER,)))
    assert found.what == (
        "The task `Worker.run` was still pending when the function loop closed"
        " (it waits at shop/jobs.py:13)."
    )
    assert (found.where, found.test, found.phase) == (STARTED, TEST.nodeid, "teardown")
    assert "started at shop/jobs.py:9" in found.fix


def test_a_task_that_no_line_keeps_needs_a_reference_first() -> None:
    [found] = detect(Evidence(test=TEST, leaked=(replace(WORKER, dropped=True),)))
    assert found.fix.startswith("Keep a reference to the task that is started at shop/jobs.py:9")


def test_a_task_that_never_began_is_said_to_be() -> None:
    [found] = detect(Evidence(leaked=(replace(WORKER, started=False, waits_at=None),)))
    assert "had not started when the function loop closed" in found.what
    assert found.phase is None


def test_a_librarys_task_is_left_alone() -> None:
    assert not list(detect(Evidence(leaked=(replace(WORKER, owner="library"),))))


def test_a_task_that_was_asked_to_end_is_left_alone() -> None:
    assert not list(detect(Evidence(leaked=(replace(WORKER, cancelling=True),))))


def test_what_a_tests_own_run_cancels_is_left_alone() -> None:
    assert not list(detect(Evidence(leaked=(replace(WORKER, of_a_test=False),))))


def test_a_failed_test_had_no_time_to_end_its_tasks() -> None:
    assert not list(detect(Evidence(leaked=(WORKER,), failed=True)))


def test_a_task_that_died_after_its_test_says_of_what() -> None:
    died = replace(WORKER, scope="module", died_of="valkey.exceptions.ConnectionError")
    [found] = detect(Evidence(test=TEST, leaked=(died,)))
    assert found.what.startswith("The task `Worker.run` was still pending when its test was over")
    assert "on the module loop until it failed with ConnectionError" in found.why


def test_a_later_failure_names_the_test_that_left_the_task() -> None:
    left = replace(WORKER, scope="module", left_by="test_jobs.py::test_starts", shared="store")
    [found] = detect(Evidence(test=TEST, failed=True, outlived=(left,)))
    assert (found.certainty, found.where) == ("likely", STARTED)
    assert (found.test, found.also) == ("test_jobs.py::test_starts", (TEST.nodeid,))
    assert found.what == (
        "The task `Worker.run` from test_starts was still pending when test_job failed (it"
        " waits at shop/jobs.py:13)."
    )
    assert "uses `store`, as test_job does" in found.why


def test_a_wait_for_what_was_taken_is_a_symptom() -> None:
    assert {"LC203", "LC307", "LC505"} == SUPERSEDES


def test_a_librarys_coroutine_is_named_by_the_call_that_makes_it() -> None:
    sleeps = replace(WORKER, coroutine="sleep", call="asyncio.sleep(30)", waits_at=None)
    [found] = detect(Evidence(leaked=(sleeps,)))
    assert found.subject is not None
    assert found.subject.name == "asyncio.sleep(30)"
    assert found.what.startswith("The task `asyncio.sleep(30)` was still pending")


def test_where_nothing_tells_who_started_it_the_nearest_line_is_named() -> None:
    [found] = detect(Evidence(leaked=(replace(WORKER, made_at=None),)))
    assert found.where == WAITS


def test_a_cancelled_parent_is_named_by_the_child_that_it_could_not_end() -> None:
    at = Place("shop/jobs.py", 30, "create_task")
    parent = replace(WORKER, cancelling=True, child="finish.wait()", child_at=at)
    [found] = detect(Evidence(test=TEST, leaked=(parent,)))
    assert (found.where, found.used_at) == (STARTED, at)
    assert "The cancelled task `Worker.run` was still pending (at" in found.what
    assert found.what.endswith(", as was `finish.wait()`, which it started at shop/jobs.py:30.")
    assert "cancel and await the task that is started at shop/jobs.py:9." in found.fix


FAILED = ErrorRecord(
    type="AssertionError",
    message="assert ['tea'] == []",
    module="test_jobs",
    function="test_job",
    raised="raise",
    owner="user",
)
SURVIVOR = Survivor(
    coroutine="save",
    changed="saved",
    left_by="gather",
    left_at=STARTED,
    expected_at=Place("test_jobs.py", 20, "test_job"),
    asserted_at=Place("test_jobs.py", 23, "test_job"),
)


def test_what_goes_on_after_gather_has_raised_is_likely_to_matter() -> None:
    [found] = detect(Evidence.knowing({find_survivor: SURVIVOR}, errors=(FAILED,)))
    assert (found.where, found.certainty) == (STARTED, "likely")
    assert found.what == (
        "`save` went on after `gather` at shop/jobs.py:9 had raised the error that test_jobs.py:20"
        " expects, and it changes `saved`."
    )


def test_the_coroutine_whose_error_the_test_keeps_is_named() -> None:
    kept = replace(SURVIVOR, expected_at=None, failed="check")
    [found] = detect(Evidence.knowing({find_survivor: kept}, errors=(FAILED,)))
    assert "had raised the error of `check`, and it changes `saved`" in found.what


def test_what_is_no_failed_assertion_asks_for_no_survivor() -> None:
    other = replace(FAILED, type="ValueError")
    assert not list(detect(Evidence.knowing({find_survivor: SURVIVOR}, errors=(other,))))
    assert not list(detect(Evidence.knowing({find_survivor: None}, errors=(FAILED,))))


def test_what_a_wait_left_pending_is_named_with_what_it_changes() -> None:
    left = replace(SURVIVOR, left_by="wait", expected_at=None)
    [found] = detect(Evidence.knowing({find_survivor: left}, errors=(FAILED,)))
    assert (found.where, found.certainty) == (STARTED, "likely")
    assert found.what == (
        "`save` went on after `asyncio.wait` at shop/jobs.py:9 had returned, and it changes"
        " `saved`."
    )
    assert "await asyncio.gather(*pending, return_exceptions=True)" in found.fix
