"""The threads' frames are asked for without stopping the process, and in one place only."""

import subprocess
import sys
from pathlib import Path

import pytest

import loopcheck

# Each look meets a collection whose finalizers give the GIL away, while threads start.
GARBAGE = """
import gc, sys, threading, time
from loopcheck.facts.probes import stacks

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
        assert threading.get_ident() in stacks.frames()

others = [threading.Thread(target=looks) for _ in range(int(sys.argv[1]))]
[one.start() for one in others]
looks()
[one.join() for one in others]
assert gc.isenabled()
print("looked", flush=True)
__import__("os")._exit(0)
"""


@pytest.mark.parametrize("others", [0, 3] if sys.version_info < (3, 11, 9) else [0])
def test_a_look_while_garbage_is_collected_does_not_stop_the_process(others: int) -> None:
    command = [sys.executable, "-c", GARBAGE, str(others)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "looked\n", done.stderr


def test_frames_are_asked_for_there_alone() -> None:
    room = Path(loopcheck.__file__).parent
    asks = [one.name for one in room.rglob("*.py") if "_current_frames" in one.read_text("utf-8")]
    assert asks == ["stacks.py"]
