"""The exercise of LC214: a press whose worker was started before any customer came.

The lesson loses values in tasks and threads that end. Here a task lives on and serves everybody, so
each job has to bring its customer along, and no customer may stay behind in the press.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

SHOP = '''\
"""A print shop: for whom it prints, what it has printed, and the way of paper through a press."""

import asyncio
from contextvars import ContextVar

customer = ContextVar("customer")
ledger = []  # who, and what


class Jam(Exception):
    pass


class Rollers:
    at_once = most = 0  # jobs in the rollers: now, and at most


async def pull(title):
    Rollers.at_once += 1
    Rollers.most = max(Rollers.most, Rollers.at_once)
    try:
        await asyncio.sleep(0.01)
        if title == "crumpled":
            raise Jam(title)
        ledger.append((customer.get(), title))
    finally:
        Rollers.at_once -= 1
'''

TESTS = """\
import asyncio

import pytest
from press import Press
from shop import Jam, Rollers, customer, ledger

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def empty_shop():
    ledger.clear()
    Rollers.most = 0


async def order(press, who, *titles):
    customer.set(who)
    for title in titles:
        await press.print(title)


async def test_each_job_is_for_its_customer():
    async with Press() as press:
        await asyncio.gather(order(press, "ada", "cards"), order(press, "bob", "poster"))
    assert [who for who, title in ledger if title == "poster"] == ["bob"]
    assert [who for who, title in ledger if title == "cards"] == ["ada"]


async def test_one_press_prints_one_job_at_a_time():
    async with Press() as press:
        await asyncio.gather(*(order(press, who, "a", "b") for who in ("ada", "bob", "eve")))
    assert (len(ledger), Rollers.most) == (6, 1)


async def test_a_jam_reaches_its_customer_and_the_press_goes_on():
    async with Press() as press:
        with pytest.raises(Jam):
            await order(press, "ada", "crumpled")
        await order(press, "bob", "poster")
    assert ledger == [("bob", "poster")]


async def test_a_job_for_nobody_is_refused():
    async with Press() as press:
        await asyncio.create_task(order(press, "ada", "cards"))
        with pytest.raises(LookupError):
            await press.print("flyers")
    assert ledger == [("ada", "cards")]
"""

SKELETON = '''\
"""The press: one worker prints the jobs of all customers."""

import asyncio

from shop import pull


class Press:
    async def __aenter__(self):
        self.jobs = asyncio.Queue()
        self.worker = asyncio.create_task(self.run())
        return self

    async def __aexit__(self, *_):
        self.worker.cancel()
        await asyncio.wait([self.worker])

    async def run(self):
        while True:
            title, done = await self.jobs.get()
            try:
                await pull(title)
                done.set_result(None)
            except Exception as error:
                done.set_exception(error)

    async def print(self, title):
        done = asyncio.get_running_loop().create_future()
        self.jobs.put_nowait((title, done))
        await done
'''

FILE, NAMED = "shop.py", "ledger.append((customer.get(), title))"
NOBODY = "test_a_job_for_nobody_is_refused"
EACH = "test_each_job_is_for_its_customer"
ONE = "test_one_press_prints_one_job_at_a_time"

WRONG_TURNS = (
    WrongTurn(
        name="who ordered last",
        did=lambda seen: "['bob'] == ['ada']" in seen.failures.get(EACH, ""),
        answer="Ada's cards are Bob's now: between her order and its printing another customer "
        "came, and the press knows only the last one. Let each job bring its own customer along.",
    ),
    WrongTurn(
        name="the customer before",
        did=lambda seen: not seen.planted and "DID NOT RAISE" in seen.failures.get(NOBODY, ""),
        answer="A job that belongs to nobody is printed for somebody: for the customer of the job "
        "before, or for a default. Take the value from the job, and let it end with the job.",
    ),
    WrongTurn(
        name="one customer for all",
        did=lambda seen: "['ada'] == ['bob']" in seen.failures.get(EACH, ""),
        answer="Bob's poster is Ada's now: the worker knows one customer, and takes it for every "
        "job. It needs another one for each job.",
    ),
    WrongTurn(
        name="everything at once",
        did=lambda seen: "(6, 1)" in seen.failures.get(ONE, ""),
        answer="Each job runs in its customer's context, but several are in the rollers at once. "
        "Create the task for a job in the worker, and await it there.",
    ),
)

EXERCISE = Exercise(
    stem="lc214_lost_context",
    kind="mend the code",
    task="Every test must pass: the ledger shows for whom each job was, the press prints one job "
    "at a time, and a job that belongs to nobody is refused.",
    edits="press.py",
    skeleton=SKELETON,
    frozen={FILE: SHOP, "test_press.py": TESTS},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a ledger without names", FILE, NAMED, "ledger.append((None, title))"),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which task calls `pull`, and what was set when that task was created?",
        "The worker copied its context before the first customer came. Only what is in the queue "
        "reaches it later.",
        "Put `contextvars.copy_context()` into the queue with the title, and run the job in it: "
        "`await asyncio.create_task(pull(title), context=…)`.",
    ),
    learned="You can tell which context a task works on, and send the right one along with a job.",
)
