"""Answers to the exercise of LC214: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc214_lost_context import SKELETON

SKELETON_SAYS = ("every test runs and passes", "ContextVar name='customer'")
changed = partial(in_text, text=SKELETON)

IMPORTS, ALSO = "from shop import pull\n", "from shop import customer, pull\n"
TAKES, PULLS = "title, done = await", "                await pull(title)\n"
PUTS = "self.jobs.put_nowait((title, done))"
START = "        self.worker = asyncio.create_task(self.run())\n"
TRIES = "            try:\n"
PRINTS = """\
        done = asyncio.get_running_loop().create_future()
        self.jobs.put_nowait((title, done))
        await done
"""
WITH_NAME = (
    (IMPORTS, ALSO),
    (TAKES, "title, done, who = await"),
    (PUTS, "self.jobs.put_nowait((title, done, customer.get()))"),
)
FINALLY = """\
            except Exception as error:
                done.set_exception(error)
            finally:
                customer.reset(token)
"""
FAILS = """\
            except Exception as error:
                done.set_exception(error)
"""

RIGHT = {
    "the name comes along": changed(
        *WITH_NAME,
        (TRIES, f"            token = customer.set(who)\n{TRIES}"),
        (FAILS, FINALLY),
    ),
    "a lock, and no worker": changed(
        (PRINTS, "        async with self.lock:\n            await pull(title)\n"),
        (START, f"{START}        self.lock = asyncio.Lock()\n"),
    ),
    "the first line of each job sets it": changed(
        *WITH_NAME, (TRIES, f"            customer.set(who)\n{TRIES}")
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a default": (
        changed(
            (IMPORTS, ALSO),
            (TAKES, "title, done, who = await"),
            (PUTS, 'self.jobs.put_nowait((title, done, customer.get("walk-in")))'),
            (TRIES, f"            customer.set(who)\n{TRIES}"),
        ),
        "every test",
        "belongs to nobody",
    ),
    "a worker for the first customer": (
        changed(
            (START, "        self.worker = None\n"),
            (PUTS, f"if self.worker is None:\n    {START}        {PUTS}"),
        ),
        "every test",
        "Bob's poster is Ada's",
    ),
    "a task for each job": (
        changed((PRINTS, "        await asyncio.create_task(pull(title))\n")),
        "every test",
        "several are in the rollers",
    ),
    "set beside the queue": (
        changed((IMPORTS, ALSO), (PUTS, f"customer.set(customer.get())\n        {PUTS}")),
        "every test",
        "",
    ),
    "a copy that nobody uses": (
        changed(
            ("import asyncio\n", "import asyncio\nimport contextvars\n"),
            (TAKES, "title, done, _ = await"),
            (PUTS, "self.jobs.put_nowait((title, done, contextvars.copy_context()))"),
        ),
        "every test",
        "",
    ),
}
