"""Answers to the exercise of LC201: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc201_task_leak import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_the_next_warning_is_written_once: TimeoutError",
)

CURE = SKELETON[SKELETON.index('@pytest_asyncio.fixture(loop_scope="module", autouse') :]
GIVEN = "    return listener\n"
MODULE = '@pytest_asyncio.fixture(scope="module", loop_scope="module")\nasync def radio'
CANCEL = "    yield listener\n    listener.task.cancel()\n"


def changed(*pairs: tuple[str, str], cure: str = "") -> str:
    """Return the skeleton with changes, each of which must find its place, and another *cure*."""
    text: str = in_text(*pairs, text=SKELETON.replace(CURE, cure))
    return text


RIGHT = {
    "cancelled and awaited": changed(
        (
            GIVEN,
            CANCEL + "    try:\n        await listener.task\n"
            "    except asyncio.CancelledError:\n        pass\n",
        )
    ),
    "a context manager": """
import asyncio, contextlib, pytest_asyncio, harbour

@contextlib.asynccontextmanager
async def running(coroutine):
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()

@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def radio():
    radio = harbour.Radio()
    async with running(radio.transmit()):
        yield radio

@pytest_asyncio.fixture(loop_scope="module")
async def listener(radio):
    one = harbour.Listener(radio)
    async with running(one.listen()):
        yield one
""",
    "the results looked at": changed(
        (
            GIVEN,
            CANCEL + "    [end] = await asyncio.gather(listener.task, return_exceptions=True)\n"
            "    assert isinstance(end, asyncio.CancelledError)\n",
        )
    ),
    "an exit stack": """
import asyncio
import contextlib
import pytest_asyncio
from harbour import Listener, Radio

@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def radio():
    async with contextlib.AsyncExitStack() as stack:
        yield await begin(stack, Radio())

async def begin(stack, radio):
    radio.task = asyncio.create_task(radio.transmit())
    stack.callback(radio.task.cancel)
    return radio

@pytest_asyncio.fixture(scope="function", loop_scope="module")
async def listener(radio):
    one = Listener(radio)
    one.start()
    await asyncio.sleep(0)
    try:
        yield one
    finally:
        one.task.cancel("the test is over")
        with contextlib.suppress(asyncio.CancelledError):
            await one.task
""",
}

GATHER = """
@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def no_task_is_left(radio):
    yield
    tasks = [t for t in asyncio.all_tasks() if "listen" in str(t.get_coro())]
    for task in tasks:
        task.cancel()
"""

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only deleted": (changed(), "every test", "listeners of earlier tests live on"),
    "a radio for each test": (
        changed((MODULE, MODULE.replace('scope="module", ', "", 1)), cure=CURE),
        "one radio",
        "serve them all",
    ),
    "a radio for each test, deleted": (
        changed((MODULE, MODULE.replace('scope="module", ', "", 1))),
        "no task is left",
        "meant for the next one",
    ),
    "cancelled": (changed((GIVEN, CANCEL)), "stops slowly", "only asks"),
    "cancelled by name": (changed(cure=GATHER), "stops slowly", "only asks"),
    "cancelled and slept": (
        changed((GIVEN, CANCEL + "    await asyncio.sleep(0.01)\n")),
        "stops slowly",
        "only asks",
    ),
    "waited for": (
        changed((GIVEN, CANCEL + "    await asyncio.wait([listener.task])\n")),
        "an error while it stops",
        "stays in the task",
    ),
    "gathered": (
        changed(
            (GIVEN, CANCEL + "    await asyncio.gather(listener.task, return_exceptions=True)\n")
        ),
        "an error while it stops",
        "",
    ),
    "time to end": (
        changed((GIVEN, "    yield listener\n    await asyncio.sleep(0.05)\n")),
        "every test",
        "live on",
    ),
    "collected": (
        changed((GIVEN, "    yield listener\n    del listener\n    __import__('gc').collect()\n")),
        "every test",
        "live on",
    ),
}
