"""The exercise of LC605: an observatory reads the wind from whatever answers at a port.

The lesson has a store that hangs up. Here the wrong instrument answers politely, and its number
looks right: nothing fails but the roof. Code that first asks for the name cannot be misled.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
)
from loopcheck.lab.seen import Seen

INSTRUMENTS = '''\
"""Instruments of an observatory. Each says its name when asked `who`, and a number otherwise."""

import asyncio
from contextlib import asynccontextmanager


@asynccontextmanager
async def instrument(name, number):
    lines = []

    async def talk(reader, writer):
        lines.append(asyncio.current_task())
        while word := await reader.readline():
            answer = name if word == b"who\\n" else number
            if name == "nobody":
                break  # it hangs up
            writer.write(f"{answer}\\n".encode())
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    for _ in range(14):  # each line is given time to end, 1.4 seconds at most
        if all(line.done() for line in lines):
            break
        await asyncio.wait(lines, timeout=0.1)
    else:
        raise AssertionError(f"the line to {name} was left open")
    server.close()
    await server.wait_closed()
'''

TESTS = """\
import pytest
from instruments import instrument
from roof import measure

pytestmark = pytest.mark.asyncio


async def test_the_wind_is_measured():
    async with instrument("wind", 12) as port:
        assert await measure("wind", port) == 12


@pytest.mark.parametrize("other", ["rain", "window", "WIND-OLD"])
async def test_another_instrument_is_not_believed(other):
    async with instrument(other, 3) as port:
        with pytest.raises(LookupError) as refused:
            await measure("wind", port)
    assert other in str(refused.value), "the message does not say who answered"


async def test_who_hangs_up_is_not_believed():
    async with instrument("nobody", 0) as port:
        with pytest.raises(LookupError):
            await measure("wind", port)
"""

SKELETON = '''\
"""The roof of an observatory is closed when the wind is strong."""

import asyncio


async def measure(name, port):
    """Return the number of the instrument *name*, which listens on *port*."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"number\\n")
        return float(await reader.readline())
    finally:
        writer.close()
'''

ANSWER = 'answer = name if word == b"who\\n" else number'
MOVED = Run(
    planted=(
        ("instruments.py", ANSWER, f"{ANSWER} if len(lines) < 2 else 99  # another one by now"),
    )
)
OTHERS = Run(
    planted=(
        ("test_roof.py", '["rain", "window", "WIND-OLD"]', '["fog", "rain-2"]'),
        ("test_roof.py", "instrument(other, 3)", "instrument(other, 30)"),
    )
)


def _failed(seen: Seen, *words: str) -> list[str]:
    """Return the tests that failed with one of *words*."""
    return [name for name, said in seen.failures.items() if any(word in said for word in words)]


def _alike(seen: Seen) -> bool:
    wrong = {name.partition("[")[2] for name in _failed(seen, "DID NOT RAISE")}
    return bool(wrong) and "rain]" not in wrong


def _hung_up(seen: Seen) -> bool:
    """True if the answer rejects all wrong instruments except the one that says nothing."""
    return [*seen.failures] == ["test_who_hangs_up_is_not_believed"]


WRONG_TURNS = (
    WrongTurn(
        name="names that are alike",
        did=_alike,
        answer="A name that only starts the same, or has other capitals, is a different "
        "instrument: `window` is not `wind`. Compare the whole name.",
    ),
    WrongTurn(
        name="a line of its own for the question",
        did=lambda seen: MOVED.planted[0][2] in seen.bugs and not seen.green,
        answer="Your code asks for the name on one connection and for the number on another, and "
        "between the two another instrument may get that port. Ask both on the same connection.",
    ),
    WrongTurn(
        name="left open",
        did=lambda seen: bool(_failed(seen, "was left open")),
        answer="Your connection to the rejected instrument is still open. Close it in every case: "
        "a `finally` does.",
    ),
    WrongTurn(
        name="who hangs up",
        did=_hung_up,
        answer="An instrument accepted the connection and hung up without a word. That is an "
        "answer too: it is not the instrument you meant. You see it as an empty line.",
    ),
    WrongTurn(
        name="without a name",
        did=lambda seen: bool(_failed(seen, "does not say who answered")),
        answer="Your code rejects the wrong instrument, but the message leaves out its name. You "
        "will need that name at night: put it in.",
    ),
)

EXERCISE = Exercise(
    stem="lc605_wrong_endpoint",
    kind="mend the code",
    task="`measure` must return the number of the right instrument, raise a LookupError with "
    "the name of any other that answers, ask on one line, and leave none open.",
    edits="roof.py",
    skeleton=SKELETON,
    frozen={"instruments.py": INSTRUMENTS, "test_roof.py": TESTS},
    requirements=(
        all_there(5),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="no other instrument is believed, whatever its name and number",
            unmet=first_not_passed,
            run=OTHERS,
        ),
        Requirement(
            name="name and number come on the same line", unmet=first_not_passed, run=MOVED
        ),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What does `measure` know about the instrument that answers, and what can it ask an "
        "instrument?",
        "An open connection proves only that something listens there. `measure` never asks for "
        "the name, although each instrument answers `who` with it.",
        'On the open connection, before you request the number: `writer.write(b"who\\n")`, then '
        "the answer without its line end, `(await reader.readline()).decode().strip()`; if it is "
        "not …, raise `LookupError` with both names in it.",
    ),
    learned="You can check which server answers before you believe what it says.",
    seconds=8.0,
)
