"""A room of learners who all do the same at once, and what came of it."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qsl, urlencode

import below
from hub import ROOT, Hub
from learner import Failed, Kernel, Learner, Shown

from loopcheck.lab import exercises
from loopcheck.lab.workbook.copies import lessons

sys.path.append(str(ROOT / "tests" / "lab"))  # the answers, right and wrong
LESSONS = ("lc102", "lc202", "lc203", "lc301", "lc505", "lc603")  # with and without a server
TOO_MUCH = "b = bytearray(3 * 2**30)"
FOR_EVER = "import asyncio; await asyncio.Event().wait()"
OWN_WORDS = "# what I found out"
LOOK = """
import subprocess
print(subprocess.check_output(["loopcheck", "board", "--json"], text=True))
"""
BOARD_PAGE = "/services/loopcheck-board/"
Step = Callable[[int, Learner], Awaitable[object]]


class Room:
    """The learners, and what came of them."""

    def __init__(self, hub: Hub, count: int) -> None:
        self.hub = hub
        self.count = count
        self.learners = [Learner(hub.base, f"learner{n}") for n in range(1, count + 1)]
        self.kernels: dict[str, Kernel] = {}
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.failures: list[str] = []
        self.done: Counter[str] = Counter()
        self.seen: dict[str, int] = {}  # by the page of the board, at last
        self.peak = 0.0  # MB of all, seen now and then

    async def all(self, what: str, step: Step, who: list[Learner] | None = None) -> None:
        """Have every learner, or *who*, do *step* at once, and tell how long it took."""
        began = time.monotonic()
        asked = enumerate(self.learners if who is None else who)
        await asyncio.gather(*(self._one(what, step, n, learner) for n, learner in asked))
        took = self.seconds[what] or [0.0]
        print(
            f"{what}: all {time.monotonic() - began:.1f} s, "
            f"median {median(took):.1f} s, slowest {max(took):.1f} s",
            flush=True,
        )

    async def _one(self, what: str, step: Step, n: int, learner: Learner) -> None:
        began = time.monotonic()
        try:
            await step(n, learner)
        except Exception as failure:  # whatever it is: the others go on, and it is told
            said = f"{type(failure).__name__}: {failure}".splitlines()[0][:300]
            self.failures.append(f"{learner.name}, {what}: {said}")
        else:
            self.seconds[what].append(time.monotonic() - began)

    async def log_in(self, n: int, learner: Learner) -> None:
        await learner.log_in(self.hub.password)

    async def start(self, n: int, learner: Learner) -> None:
        page = await learner.start()
        expect("workbook/00_start_here.ipynb" in page, "the server does not open on the map")

    async def lesson(self, n: int, learner: Learner) -> None:
        """Open a lesson without outputs and run it up to its exercise."""
        path = lesson(n)
        cells = (await learner.api(f"contents/{path}"))["content"]["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        expect(not any(cell["outputs"] for cell in code), f"{path} gives outputs away")
        began, first = time.monotonic(), None
        kernel = self.kernels[learner.name] = await learner.open(path)
        for cell in code:
            if "%%exercise" not in (text := source(cell)):
                opened = time.monotonic()
                shown = await kernel.run(text)
                if first is None and shown.first is not None:
                    first = opened + shown.first - began
                meant = "raises-exception" in cell["metadata"].get("tags", ())
                expect(meant or shown.status == "ok", f"{path} {cell['id']}: {shown.text[-200:]}")
        self.seconds["first output"].append(first or 0.0)

    async def exercise(self, n: int, learner: Learner) -> None:
        """Answer wrongly, as people do, then rightly."""
        exercise = exercises.load(Path(lesson(n)).stem)
        answers = import_module(f"answers.{exercise.stem}")
        wrong, right = next(iter(answers.WRONG.values()))[0], next(iter(answers.RIGHT.values()))
        for answer, verdict in ((wrong, "is still open"), (right, "is solved")):
            kernel = self.kernels[learner.name]
            shown = await kernel.run(f"%%exercise {exercise.code}\n{answer}")
            said = f"{exercise.code} {verdict}"
            expect(said in shown.text, f"not `{said}`: {shown.text[-200:]}")
            self.done[f"answers that are {verdict.split()[-1]}"] += 1

    async def share(self, n: int, learner: Learner) -> None:
        """Share on the class board from now on."""
        shown = await self.kernels[learner.name].run("%progress --share")
        expect(shown.status == "ok", f"not shared: {shown.text[-200:]}")

    async def come_in(self, n: int, teacher: Learner) -> None:
        """Start the server of the teacher, who has logged in for the board."""
        await teacher.start()

    async def raise_hand(self, n: int, learner: Learner) -> None:
        """Say that one is stuck, though all is solved."""
        shown = await self.kernels[learner.name].run("%stuck it is green, so what?")
        expect(shown.status == "ok", f"no hand is up: {shown.text[-200:]}")

    async def look(self, n: int, teacher: Learner) -> None:
        """See on the board, as the teacher, that all have solved theirs and one has a hand up."""
        kernel = await teacher.open("workbook/00_start_here.ipynb")
        shown = await kernel.run(LOOK)
        expect(shown.status == "ok", f"the board is not shown: {shown.text[-200:]}")
        rows = json.loads(shown.text)["rows"]
        seen = {(row["name"], row["lesson"], row["state"]) for row in rows}
        there = {(f"learner{n + 1}", Path(lesson(n)).stem, "solved") for n in range(self.count)}
        expect(seen == there, f"the board and the room differ: {sorted(seen ^ there)[:3]}")
        hands = [row["name"] for row in rows if row["hand"] is not None]
        expect(hands == ["learner1"], f"hands up: {hands}")

    async def open_board(self, n: int, teacher: Learner) -> None:
        """Open the board's page in the teacher's browser, by the Hub's login, and nobody else's."""
        await teacher.log_in(self.hub.teachers_password())
        expect("<h1>Class board</h1>" in await teacher.page(BOARD_PAGE), "the board has no page")
        try:
            await self.learners[0].page(BOARD_PAGE)
        except Failed as refused:
            expect(" 403 " in str(refused), f"a learner at the board: {refused}")
        else:
            raise Failed("a learner sees the board")

    async def watch_board(self, teacher: Learner) -> None:
        """Look every few seconds as the page does, and log in again where the page does."""
        while True:
            began = time.monotonic()
            try:
                picture = json.loads(await teacher.page(f"{BOARD_PAGE}picture"))
            except Failed as refused:
                self.done["looks at the board without an answer"] += 1
                if " 403 " in str(refused):
                    with suppress(Failed, OSError):
                        await teacher.page(BOARD_PAGE)
            except OSError:  # the Hub is killed
                self.done["looks at the board without an answer"] += 1
            else:
                self.done["looks at the board"] += 1
                self.seconds["a look at the board"].append(time.monotonic() - began)
                self.seen = picture["counts"]
            await asyncio.sleep(5)

    async def accident(self, n: int, learner: Learner) -> None:
        """Press Stop in a cell that hangs, or lose the kernel, or ask for too much memory."""
        kernel = self.kernels[learner.name]
        turn = (n + n // len(LESSONS)) % 3  # so that each lesson meets each accident
        if turn == 0:
            shown = await kernel.stopped(FOR_EVER)
            expect(shown.status == "error" and "Cancelled" in shown.text, f"Stop: {shown.text}")
            self.done["Stops"] += 1
        elif turn == 1:
            await kernel.killed()
            self.done["kernels killed"] += 1
        else:
            shown = await kernel.run(TOO_MUCH)
            expect("MemoryError" in shown.text, f"3 GB were given: {shown}")
            self.done["MemoryErrors"] += 1
        await self._goes_on(kernel)

    async def _goes_on(self, kernel: Kernel) -> None:
        shown: Shown = await kernel.run("%load_ext loopcheck.lab\n%progress")
        expect(shown.status == "ok" and "1 of" in shown.text, f"no progress: {shown.text[-200:]}")

    async def work_on(self, n: int, learner: Learner) -> None:
        """Reload the page after the Hub was lost: the same kernel, and all that was solved."""
        kernel = await learner.open(lesson(n))
        same = kernel.name == self.kernels[learner.name].name
        expect(same, "the server was lost with the Hub")
        self.kernels[learner.name] = kernel
        await self._goes_on(kernel)

    async def come_back(self, n: int, learner: Learner) -> None:
        """Write into the lesson, end the server, start it again: the words are still there."""
        path = lesson(n)
        model = await learner.api(f"contents/{path}")
        model["content"]["cells"][0]["source"] = OWN_WORDS
        await learner.api(f"contents/{path}", "PUT", model)
        await learner.stop()
        await learner.start()
        cells = (await learner.api(f"contents/{path}"))["content"]["cells"]
        expect(source(cells[0]) == OWN_WORDS, "what the learner wrote is lost")

    async def pull(self, n: int, learner: Learner) -> None:
        """Follow the guide's link to a course's own repository, twice."""
        link = pull_link(course(self.hub.folder / "course"))
        for _ in range(2):
            expect(
                "git-pull" in await learner.page(f"/hub/user-redirect/git-pull?{link}"), "no page"
            )
            await learner.page(f"/user/{learner.name}/git-pull/api?{link}")
            found = await learner.api("contents/course/notebooks?content=1")
            expect([one["name"] for one in found["content"]] == ["00_start_here.ipynb"], str(found))

    async def watch_memory(self) -> None:
        """Look at the memory of all now and then."""
        while True:
            held = await asyncio.to_thread(lambda: sum(map(below.pss, below.parents())))
            self.peak = max(self.peak, held)
            await asyncio.sleep(10)


def pull_link(repo: Path) -> str:
    """Return the query of the guide's link, for *repo*."""
    text = (ROOT / "workshop" / "README.md").read_text(encoding="utf-8")
    found = re.search(r"/hub/user-redirect/git-pull\?(\S+)", text)
    if not found:
        raise Failed("the guide has no link for nbgitpuller")
    return urlencode(dict(parse_qsl(found[1])) | {"repo": repo.as_uri(), "branch": "main"})


def course(folder: Path) -> Path:
    """Make *folder* a repository with one notebook."""
    (folder / "notebooks").mkdir(parents=True)
    shutil.copy(lessons() / "00_start_here.ipynb", folder / "notebooks")
    who = ("-c", "user.name=course", "-c", "user.email=course@example.org")
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        (*who, "commit", "-qm", "One lesson"),
    ):
        subprocess.run(("git", *words), cwd=folder, check=True)
    return folder


def expect(there: bool, otherwise: str) -> None:
    if not there:
        raise Failed(otherwise)


def lesson(n: int) -> str:
    """Return the path of the lesson that learner number *n* takes."""
    code = LESSONS[n % len(LESSONS)]
    return f"workbook/{next(lessons().glob(f'{code}_*.ipynb')).name}"


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])
