"""Answers to the exercise of LC302: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc302_event_loop_fixture import SKELETON

SKELETON_SAYS = ("every test runs and passes", "test_three_cars_pay: RuntimeError: <asyncio.locks.")
changed = partial(in_text, text=SKELETON)

FIXTURE = """\
@pytest.fixture(scope="module")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


"""
BRIDGE = """\
@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def event_loop():
    return asyncio.get_running_loop()


"""
GONE = (FIXTURE, "")
UNASKED = ("async def garage(event_loop)", "async def garage()")
RUN = "event_loop.run_until_complete(garage.leave(0))"
BY_HAND = "def test_a_car_that_leaves_at_once_pays_nothing(event_loop, garage):"
AWAITED = (
    f"{BY_HAND}\n    before = garage.cents\n    {RUN}",
    f"@pytest.mark.asyncio\nasync {BY_HAND}\n    before = garage.cents\n    await garage.leave(0)",
)
ONLY_GARAGE = ("(event_loop, garage)", "(garage)")
MODULE = ("@pytest.mark.asyncio\n", '@pytest.mark.asyncio(loop_scope="module")\n')
FOR_EACH = ('@pytest_asyncio.fixture(scope="module")', "@pytest_asyncio.fixture")
DELETED = changed(GONE, UNASKED, AWAITED, ONLY_GARAGE)

RIGHT = {
    "one loop for all": changed(MODULE, text=DELETED),
    "a garage for each test": changed(FOR_EACH, text=DELETED),
    "the synchronous test brings a loop": changed(
        GONE, UNASKED, (RUN, "asyncio.run(garage.leave(0))"), ONLY_GARAGE, MODULE
    ),
    "the session's loop, and a class": """
import asyncio
import pytest
import pytest_asyncio
import garage

@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cellar():
    yield garage.Garage()

@pytest.mark.asyncio(loop_scope="session")
class TestBarrier:
    @pytest.mark.parametrize("cars", [2, 5])
    async def test_cars(self, cellar, cars):
        before = cellar.cents
        async with asyncio.TaskGroup() as group:
            for _ in range(cars):
                group.create_task(cellar.leave(1))
        assert cellar.cents - before == 5 * cars

    async def test_none(self, cellar):
        before = cellar.cents
        await cellar.leave(0)
        assert cellar.cents == before
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only deleted": (changed(GONE), "every test", "and something still requests it"),
    "deleted where it is easy": (
        changed(GONE, UNASKED),
        "every test",
        "and something still requests it",
    ),
    "a loop for each test": (DELETED, "every test", "each runs on its own loop"),
    "only the fixture's loop": (
        changed(('fixture(scope="module")', 'fixture(scope="module", loop_scope="module")'))
        .replace(FIXTURE.replace("module", 'module", loop_scope="module'), "")
        .replace("garage(event_loop)", "garage()")
        .replace("(event_loop, garage)", "(garage)")
        .replace(RUN, "asyncio.run(garage.leave(0))"),
        "every test",
        "each runs on its own loop",
    ),
    "looked up": (
        changed(GONE, ONLY_GARAGE)
        .replace('@pytest_asyncio.fixture(scope="module")\nasync ', "@pytest.fixture\n")
        .replace("garage(event_loop)", "garage()")
        .replace("event_loop.run_until", "asyncio.get_event_loop().run_until"),
        "every test",
        "That is LC105",
    ),
    "left, but unused": (
        changed(MODULE, text=changed(UNASKED, AWAITED, ONLY_GARAGE)),
        "no fixture",
        "",
    ),
    "the session's": (
        changed(
            ('fixture(scope="module")\ndef event_loop', 'fixture(scope="session")\ndef event_loop')
        ),
        "every test",
        "",
    ),
    "a bridge": (
        changed((FIXTURE, BRIDGE), AWAITED, MODULE),
        "no fixture",
        "",
    ),
    "one car after the other": (
        DELETED.replace(
            "asyncio.gather(garage.leave(10), garage.leave(20))", "garage.leave(30)"
        ).replace("asyncio.gather(*(garage.leave(10) for _ in range(3)))", "garage.leave(30)"),
        "at the same time",
        "pay at the same time go unnoticed",
    ),
    "skipped": (
        changed(
            ("@pytest.mark.asyncio\n", "@pytest.mark.asyncio\n@pytest.mark.skip\n"), text=DELETED
        ),
        "every test",
        "A skipped or xfailed test hides that",
    ),
    "one test less": (
        changed(("def test_a_car", "def a_car"), text=DELETED),
        "all three",
        "and each runs on its",
    ),
}
