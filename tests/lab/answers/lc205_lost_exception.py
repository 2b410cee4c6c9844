"""Answers to the exercise of LC205: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc205_lost_exception import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_whoever_closes_hears_of_a_refused_letter: Failed: DID NOT RAISE",
)

FORGETS = "        job.add_done_callback(self.jobs.discard)\n"
WAITS = "        if self.jobs:\n            await asyncio.wait(self.jobs)\n"
MAKES = "job = asyncio.create_task(self.printer.print(letter))"
changed = partial(in_text, text=SKELETON)

RIGHT = {
    "waited for, then asked one by one": changed(
        (FORGETS, ""),
        (
            WAITS,
            WAITS + "        errors = [job.exception() for job in self.jobs if job.exception()]\n"
            "        if len(errors) > 1:\n            raise ExceptionGroup('refused', errors)\n"
            "        if errors:\n            raise errors[0]\n",
        ),
    ),
    "errors collected by the callback": changed(
        ("self.jobs = set()", "self.jobs, self.errors = set(), []"),
        (FORGETS, "        job.add_done_callback(self.over)\n"),
        (
            WAITS,
            "        while self.jobs:\n            await asyncio.wait(self.jobs)\n"
            "            await asyncio.sleep(0)\n"
            "        if self.errors:\n            raise ExceptionGroup('refused', self.errors)\n\n"
            "    def over(self, job):\n        self.jobs.discard(job)\n"
            "        if error := job.exception():\n            self.errors.append(error)\n",
        ),
    ),
    "each job keeps its own": """
import asyncio

class Press:
    def __init__(self, printer):
        self._printer, self._jobs, self._refused = printer, [], []

    async def _try(self, letter):
        try:
            await self._printer.print(letter)
        except Exception as error:
            self._refused.append(error)

    def order(self, letter):
        self._jobs.append(asyncio.ensure_future(self._try(letter)))

    async def close(self):
        await asyncio.gather(*self._jobs)
        if self._refused:
            raise ExceptionGroup("refused", self._refused)
""",
    "awaited one after the other": """
import asyncio

class Press:
    def __init__(self, printer):
        self.printer, self.jobs = printer, []

    def order(self, letter):
        self.jobs.append(asyncio.create_task(self.printer.print(letter)))

    async def close(self):
        errors = []
        for job in self.jobs:
            try:
                await job
            except ValueError as error:
                errors.append(error)
        if errors:
            raise ExceptionGroup("refused", errors)
""",
}

GATHER = "        await asyncio.gather(*self.jobs)\n"

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "gathered": (changed((FORGETS, ""), (WAITS, GATHER)), "every test", "the first error"),
    "a group in close": (
        changed(
            (FORGETS, ""),
            (
                WAITS,
                "        async with asyncio.TaskGroup() as group:\n"
                "            for job in self.jobs:\n"
                "                group.create_task(self.ask(job))\n\n"
                "    async def ask(self, job):\n        await job\n",
            ),
        ),
        "every test",
        "Wait for all of them first",
    ),
    "gathered, errors as results": (
        changed((FORGETS, ""), (WAITS, GATHER.replace("jobs)", "jobs, return_exceptions=True)"))),
        "every test",
        "You fetch the error from",
    ),
    "caught in the job": (
        changed(
            (MAKES, "job = asyncio.create_task(self.work(letter))"),
            (
                WAITS,
                WAITS + "\n    async def work(self, letter):\n        try:\n"
                "            await self.printer.print(letter)\n"
                "        except ValueError as error:\n            print('refused', error)\n",
            ),
        ),
        "every test",
        "or an `except` drops it",
    ),
    "gathered, and an early one forgotten": (
        changed(
            (
                WAITS,
                "        results = await asyncio.gather(*self.jobs, return_exceptions=True)\n"
                "        for error in filter(None, results):\n            raise error\n",
            )
        ),
        "every test",
        "left the set by then",
    ),
    "printed at once": (
        changed(
            ("    def order", "    async def order"),
            (MAKES, "await self.printer.print(letter)"),
            ("self.jobs.add(job)  # else", "# else"),
            (FORGETS, ""),
        ),
        "every test",
        "coroutine and drop it (LC202)",
    ),
    "a try around the start": (
        changed(
            (MAKES, f"try:\n            {MAKES}\n        except ValueError:\n            raise")
        ),
        "every test",
        "",
    ),
    "the first raised, the second left": (
        changed(
            (FORGETS, ""),
            (
                WAITS,
                WAITS + "        for job in sorted(self.jobs, key=id):\n            job.result()\n",
            ),
        ),
        "no error stays in a task",
        "of two refused letters",
    ),
    "asked one by one, and the first raised": (
        changed(
            (FORGETS, ""),
            (
                WAITS,
                WAITS + "        errors = [job.exception() for job in self.jobs]\n"
                "        for error in filter(None, errors):\n            raise error\n",
            ),
        ),
        "all refused letters",
        "of two refused letters",
    ),
    "errors as results, and the first raised": (
        changed(
            (FORGETS, ""),
            (
                WAITS,
                "        results = await asyncio.gather(*self.jobs, return_exceptions=True)\n"
                "        for one in results:\n            if isinstance(one, Exception):\n"
                "                raise one\n",
            ),
        ),
        "all refused letters",
        "of two refused letters",
    ),
    "time to print": (
        changed(
            (FORGETS, ""),
            (
                WAITS,
                "        await asyncio.sleep(0.05)\n"
                "        errors = [job.exception() for job in self.jobs if job.exception()]\n"
                "        if errors:\n            raise errors[0]\n",
            ),
        ),
        "a slow printer",
        "",
    ),
}
