"""A class at a real JupyterHub with the workshop's configuration: `make test-workshop`.

    python tests/workshop/measure_class.py [LEARNERS]

All learners do the same at once: log in, open a lesson, run it, solve its exercise wrongly, then
rightly. Then a third presses Stop in a cell that hangs, a third loses the kernel, a third asks for
3 GB. At last the Hub itself is killed and started again. Prints seconds and memory, what failed and
what is left behind; the exit code is 1 if anything did or is. Needs workshop/requirements.lock and
workshop/package-lock.json installed. Linux only.
"""

import argparse
import asyncio
import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import below
from hub import Hub, Trouble
from learner import Learner
from room import Room

from loopcheck.lab.workbook.copies import lessons

BOARD = find_spec("loopcheck.lab.board") is not None
PYTESTS_OWN = "pytest-of-"  # its tmp_path keeps the last three of each user


def leavings(folder: Path) -> list[str]:
    """Return what lessons left in their temporary folder."""
    return [str(one) for one in folder.iterdir() if not one.name.startswith(PYTESTS_OWN)]


def digest(folder: Path) -> str:
    """Return what *folder* holds, in short."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    kept = [file for file in files if "__pycache__" not in file.parts]
    return hashlib.sha256(b"".join(file.read_bytes() for file in kept)).hexdigest()


def tell_memory() -> None:
    """Print what each kind of process holds, and each learner."""
    above = below.parents()
    kinds: dict[str, list[float]] = defaultdict(list)
    owners: dict[str, float] = defaultdict(float)
    for pid in above:
        held = below.pss(pid)
        kinds[below.kind(pid)].append(held)
        owners[below.user(pid, above) or "the Hub"] += held
    for name, held_by in sorted(kinds.items()):
        print(f"memory of {name}: {len(held_by)} processes, {middle(held_by)}")
    hub = owners.pop("the Hub", 0.0)
    print(f"memory of the Hub with proxy and services: {hub:.0f} MB")
    print(
        f"memory of a learner: {middle(owners.values())}; "
        f"all together {sum(owners.values()):.0f} MB"
    )


def middle(values: Iterable[float]) -> str:
    each = list(values) or [0.0]
    return f"median {median(each):.0f} MB, largest {max(each):.0f} MB"


async def run(hub: Hub, count: int) -> list[str]:
    """Hold the class; return what failed."""
    room = Room(hub, count)
    watching = asyncio.create_task(room.watch_memory())
    burying = asyncio.create_task(bury())
    teacher = [Learner(hub.base, "teacher")]
    await room.all("log in", room.log_in)
    if BOARD:
        await room.all("the board opened in a browser", room.open_board, teacher)
        looking = asyncio.create_task(room.watch_board(teacher[0]))
    await room.all("start of the servers", room.start)
    await room.all("lesson, opened and run", room.lesson)
    firsts = room.seconds["first output"] or [0.0]
    print(f"first output after opening: median {median(firsts):.1f} s, worst {max(firsts):.1f} s")
    if BOARD:
        await room.all("shared on the board", room.share)
    await room.all("exercise, wrong then right", room.exercise)
    tell_memory()
    await room.all("Stop, killed kernel, too much memory", room.accident)
    watching.cancel()
    print(f"most memory of all together: {room.peak:.0f} MB")
    print("done:", ", ".join(f"{number} {what}" for what, number in sorted(room.done.items())))
    lost = sum(kernel.lost for kernel in room.kernels.values())
    print(f"connections lost and made again, as Lab does: {lost}")
    first, some = room.learners[:1], room.learners[: max(1, count // 5)]
    if BOARD:
        await room.all("the teacher's server", room.come_in, teacher)
        await room.all("a hand raised", room.raise_hand, first)
        await room.all("the teacher at the board", room.look, teacher)
    await asyncio.to_thread(hub.lose)
    await room.all("work after the Hub was killed", room.work_on)
    if BOARD:
        await room.all("the teacher at the board again", room.look, teacher)
    await room.all("server ended and started again", room.come_back, some)
    await room.all("a course pulled from its repository", room.pull, first)
    burying.cancel()
    if BOARD:
        looking.cancel()
        looks = room.seconds["a look at the board"] or [0.0]
        print(
            f"the board, open all the while: {len(looks)} looks, median {median(looks):.2f} s, "
            f"slowest {max(looks):.1f} s, {room.done['looks at the board without an answer']} "
            f"without an answer; at last it showed {room.seen}"
        )
        solved = room.seen.get("solved"), room.seen.get("hands")
        if solved != (count, 1):
            room.failures.append(f"the board's page showed {room.seen} at last")
    return room.failures


async def bury() -> None:
    """Be what a machine's first process is to those whose parent was killed."""
    while True:
        below.bury()
        await asyncio.sleep(0.2)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("learners", type=int, nargs="?", default=3)
    count = max(1, asked.parse_args().learners)
    if not sys.platform.startswith("linux"):
        print("The class reads memory and processes from Linux's /proc.", file=sys.stderr)
        return 2
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before it began"
    print(f"{count} learners, JupyterHub {version('jupyterhub')}, {load}", flush=True)
    below.adopt()
    before = digest(lessons())
    try:
        with Hub() as hub:
            failures = asyncio.run(run(hub, count))
            hub.shut_down()
            left = [*below.left(20).values(), *leavings(hub.passing)]
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    finally:
        below.end_all()
    if digest(lessons()) != before:
        failures.append("the source of the lessons was written to")
    print(f"failures: {len(failures)}", *failures, sep="\n  ")
    print(f"left behind: {len(left)}", *left, sep="\n  ")
    return 1 if failures or left else 0


if __name__ == "__main__":
    sys.exit(main())
