"""The threads' frames are asked for without stopping the process, and in one place only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import loopcheck

# Each look meets a collection whose finalizers give the GIL away, while threads start.
GARBAGE = """
import gc, sys, threading, time
from loopcheck.process import thread_stacks as stacks

class Cycle:
    def __init__(self):
        self.itself = self
    def __del__(self):
        time.sleep(0)

def starts():
    while True:
        threading.Thread(target=int).start()

def waits(deeper):
    waits(deeper - 1) if deeper else threading.Event().wait()

for _ in range(20):
    threading.Thread(target=waits, args=(3,), daemon=True).start()
threading.Thread(target=starts, daemon=True).start()
gc.set_threshold(20, 1000, 1000)
end = time.monotonic() + 0.5

def looks():
    while time.monotonic() < end:
        Cycle()
        assert threading.get_ident() in stacks.threads()

others = [threading.Thread(target=looks) for _ in range(int(sys.argv[1]))]
[one.start() for one in others]
looks()
[one.join() for one in others]
assert gc.isenabled()
print("looked", flush=True)
__import__("os")._exit(0)
"""


# The frames that are looked at end while they are: a collection gives the GIL away meanwhile.
ENDING = r"""
import gc, sys, threading, time
from loopcheck.process import thread_stacks as stacks

class Cycle:
    def __init__(self):
        self.itself = self
    def __del__(self):
        time.sleep(0.0002)

def of_size(size):  # what lies where a frame was is another one's middle
    names = " = ".join(f"name{n}" for n in range(size))
    calls = "calls[depth % len(calls)](depth - 1, calls) if depth else [depth]"
    exec(f"def call(depth, calls):\n  {names} = depth\n  return {calls}", globals())
    return call

def looks(thread):
    while time.monotonic() < end:
        Cycle()
        for frame in stacks.of(thread):
            stacks.locals_of(frame)
    print("looked", flush=True)
    __import__("os")._exit(not gc.isenabled())

calls = [of_size(size) for size in (1, 3, 8, 21, 2, 13, 5, 34)]
end = time.monotonic() + 1
gc.set_threshold(7, 1000, 1000)
sys.setswitchinterval(0.0001)
looking = threading.Thread(target=looks, args=(threading.get_ident(),))
looking.start()
while looking.is_alive():
    for depth in range(30):
        calls[depth % 8](depth, calls[depth % 7:])
"""


def test_frames_that_end_while_they_are_looked_at_do_not_end_the_process() -> None:
    command = [sys.executable, "-c", ENDING]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "looked\n"), done.stderr


@pytest.mark.parametrize("others", [0, 3] if sys.version_info < (3, 11, 9) else [0])
def test_a_look_while_garbage_is_collected_does_not_stop_the_process(others: int) -> None:
    command = [sys.executable, "-c", GARBAGE, str(others)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "looked\n", done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
def test_a_child_that_is_forked_meanwhile_collects_and_looks_as_its_parent_does() -> None:
    script = """
import gc, os, threading, warnings
from loopcheck import collector
from loopcheck.process import thread_stacks as stacks
looking, over = threading.Event(), threading.Event()
def look():
    with collector.still():
        looking.set()
        over.wait()
thread = threading.Thread(target=look)
thread.start()
looking.wait()
warnings.simplefilter("ignore")  # 3.12+ says that threads and forks do not go together
if not (child := os.fork()):
    os._exit(not (gc.isenabled() and stacks.of(threading.get_ident())))
ended = os.waitpid(child, 0)[1]
over.set()
thread.join()
assert ended == 0 and gc.isenabled()
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_frames_are_asked_for_there_alone() -> None:
    room = Path(loopcheck.__file__).parent
    asks = [one.name for one in room.rglob("*.py") if "_current_frames" in one.read_text("utf-8")]
    assert asks == ["thread_stacks.py"]
