"""The live panel's frames: what is drawn of what was read, and the same in words."""

import pytest

from loopcheck.magics.live import frame_text
from loopcheck.magics.live.frames import BARS, Badge, Block, LiveState, frame
from loopcheck.records import BoundRecord, FixtureRecord, LoopRecord, Place, Subject, TaskGroup
from loopcheck.watch.runs.running_tests import RunningTests

LOOP = LoopRecord(label="loop 1", role="module loop", state="running", thread="thread tests")
KERNELS = LoopRecord(label="the kernel's loop", state="running", owner="machinery")


def group(
    name: str = "worker", loop: str = "loop 1", count: int = 1, line: int = 3, owner: str = "user"
) -> TaskGroup:
    place = Place("cell 2", line, name)
    return TaskGroup(
        count=count,
        coroutine=name,
        loop=loop,
        owner=owner,  # type: ignore[arg-type]
        stack=(Place("cell 2", 9, "main"), place),
        waits_for="asyncio.locks.Event",
        waits_at=place,
        made_at=Place("cell 2", 20),
    )


def state(**parts: object) -> LiveState:
    tasks: tuple[TaskGroup, ...] = parts.pop("tasks", ())  # type: ignore[assignment]
    count = sum(one.count for one in tasks)
    return LiveState(loops=(LOOP, KERNELS), tasks=tasks, task_count=count, **parts)  # type: ignore[arg-type]


def test_tasks_that_one_line_created_share_a_bar_wherever_they_wait() -> None:
    [lane, _] = frame(state(tasks=(group(count=40), group(count=2, line=5)))).lanes
    [bar] = lane.bars
    assert (bar.count, [one.at for one in bar.waits]) == (42, ["cell 2:3", "cell 2:5"])
    assert bar.waits[0].chain == ("main at cell 2:9", "worker at cell 2:3")


def test_of_any_number_of_tasks_200_bars_are_drawn_and_the_rest_is_counted() -> None:
    many = tuple(group(f"worker_{at}", count=500) for at in range(BARS + 10))
    seen = frame(state(tasks=many))
    assert len(seen.lanes[0].bars) == BARS
    assert seen.left_out == 10 * 500
    assert "5,000 more tasks" in frame_text.view(seen).text


def test_machinery_gives_way_to_what_is_yours() -> None:
    machinery = tuple(group(f"poll_{at}", owner="machinery") for at in range(BARS))
    [lane, _] = frame(state(tasks=(*machinery, group("mine")))).lanes
    assert [one.name for one in lane.bars if not one.machinery] == ["mine"]
    assert len(lane.bars) == BARS


def test_the_kernels_loop_is_shown_as_soon_as_a_task_of_yours_is_on_it() -> None:
    bare = frame(state())
    used = frame(state(tasks=(group(loop=KERNELS.label),)))
    assert [one.machinery for one in bare.lanes] == [False, True]
    assert [one.machinery for one in used.lanes] == [False, False]
    assert bare.machinery == (KERNELS.label,)
    assert used.machinery == ()


def test_a_blocked_loop_says_by_what_and_where() -> None:
    block = Block(loop="loop 1", began=2.0, call="time.sleep", at="cell 2:4")
    seen = frame(state(blocks=(block,)))
    assert seen.lanes[0].state == "blocked"
    assert "blocked by time.sleep at cell 2:4" in frame_text.view(seen).text


def test_fixtures_stand_on_their_loop_and_those_without_one_beside_the_tests() -> None:
    fixtures = (
        FixtureRecord(name="client", scope="module", asynchronous=True, loop=LOOP),
        FixtureRecord(name="settings", scope="session", asynchronous=False),
    )
    run = RunningTests(
        test="test_two", phase="call", done=(("test_one", "failed"),), fixtures=fixtures
    )
    seen = frame(state(runs=(run,)))
    assert [one.name for one in seen.lanes[0].fixtures] == ["client"]
    assert [one.name for one in seen.fixtures] == ["settings"]
    assert [(one.name, one.outcome, one.phase) for one in seen.tests] == [
        ("test_one", "failed", None),
        ("test_two", None, "call"),
    ]


def test_a_test_that_runs_again_has_one_bar() -> None:
    ended = RunningTests(done=(("test_one", "failed"), ("test_two", "passed")))
    again = RunningTests(test="test_one", phase="call")
    tests = frame(state(runs=(ended, again))).tests
    assert [(one.name, one.outcome) for one in tests] == [
        ("test_two", "passed"),
        ("test_one", None),
    ]


def test_objects_are_marks_on_their_loop_and_tasks_are_not_marked_twice() -> None:
    bound = tuple(
        BoundRecord(subject=Subject(name=name, type=kind), loop=LOOP, witness=kind)
        for name, kind in (("gate", "asyncio.locks.Event"), ("job", "_asyncio.Task"))
    )
    assert [one.name for one in frame(state(bound=bound)).lanes[0].marks] == ["gate"]


def test_equal_states_make_equal_frames_so_that_only_changes_are_sent() -> None:
    assert frame(state(tasks=(group(),))) == frame(state(tasks=(group(),)))
    assert frame(state(tasks=(group(),))) != frame(state(tasks=(group(count=2),)))


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_words_hold_what_the_picture_shows(part: str) -> None:
    badge = Badge(number=1, moment=3.0, kind="blocked", words="by time.sleep", seconds=2.5)
    seen = frame(state(tasks=(group(count=50),), badges=(badge,)))
    said = str(getattr(frame_text.view(seen), part))
    for words in ("loop 1 (module loop)", "50 tasks", "worker", "cell 2:3", "cell 2:20", "blocked"):
        assert words in said
    assert "2.5" not in said  # differs from run to run


def test_nothing_of_yours_is_said_in_one_line() -> None:
    said = frame_text.view(frame(LiveState())).text
    assert said == "live: no loop of yours runs, and no task of yours waits"
