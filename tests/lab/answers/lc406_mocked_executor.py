"""Answers to the exercise of LC406: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc406_mocked_executor import SKELETON

SKELETON_SAYS = ("the tests notice a device that is out of order", "every test still passed")

CURE = SKELETON[SKELETON.index("@pytest.fixture") : SKELETON.index("async def test_a_label_is")]
FIRST = '    assert await labels.Printer(device).print("rye") == 1\n'
PRINTED = (FIRST, FIRST + '    assert device.printed == ["RYE"]\n')
LAST = "    assert device.printed == []\n"
COMES = LAST + "    device.paper.set()\n    assert await printing == 1\n"
MARK = "pytestmark = pytest.mark.asyncio\n"


def without_cure(*pairs: tuple[str, str]) -> str:
    """Return the skeleton without its fixture, and with changes."""
    text: str = in_text((CURE, ""), *pairs, text=SKELETON)
    return text


RIGHT = {
    "the paper comes": without_cure(PRINTED, (LAST, COMES)),
    "with a try": without_cure(
        PRINTED,
        (
            LAST,
            "    try:\n        assert device.printed == []\n    finally:\n"
            "        device.paper.set()\n    assert await printing == 1\n",
        ),
    ),
    "the paper comes later": without_cure(
        PRINTED,
        (
            '    printing = asyncio.create_task(labels.Printer(device).print("rye"))\n'
            "    await asyncio.sleep(0)\n" + LAST,
            "    asyncio.get_running_loop().call_later(0.02, device.paper.set)\n"
            '    assert await labels.Printer(device).print("rye") == 1\n',
        ),
    ),
    "two labels wait, and a list of them is compared": without_cure(
        PRINTED,
        (
            LAST,
            '    another = asyncio.create_task(labels.Printer(device).print("oat"))\n'
            "    await asyncio.sleep(0)\n    device.paper.set()\n"
            "    await asyncio.gather(printing, another)\n"
            '    assert sorted(device.printed) == ["OAT", "RYE"]\n',
        ),
    ),
    "without pytest-asyncio": """
import asyncio, contextlib
import labels

@contextlib.contextmanager
def opened():
    device = labels.Device()
    printer = labels.Printer(device)
    with printer.pool:
        try:
            yield device, printer
        finally:
            device.paper.set()

def test_printed():
    with opened() as (device, printer):
        device.paper.set()
        assert [asyncio.run(printer.print(bread)) for bread in ("rye", "oat")] == [1, 2]
    assert device.printed == ["RYE", "OAT"]

def test_waits():
    async def waits(device, printer):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(one := printer.print("rye")), 0.05)
        return device.printed[:]
    with opened() as (device, printer):
        assert asyncio.run(waits(device, printer)) == []
    assert device.printed == ["RYE"]
""",
    "an executor of its own for the first": without_cure(
        PRINTED,
        (
            FIRST,
            "    printer = labels.Printer(device)\n    printer.pool = AtOnce()\n"
            '    assert await printer.print("rye") == 1\n',
        ),
        (
            MARK,
            MARK
            + """

class AtOnce(concurrent.futures.Executor):
    def submit(self, call, *args):
        future = concurrent.futures.Future()
        try:
            future.set_result(call(*args))
        except BaseException as error:
            future.set_exception(error)
        return future
""",
        ),
        (LAST, COMES),
    ),
}

AT_ONCE = """    with patch("concurrent.futures.ThreadPoolExecutor") as pool:
        def submit(call, *args):
            future = asyncio.get_running_loop().create_future()
            future.set_result(call(*args))
            return future
        pool.return_value.submit.side_effect = submit
"""

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the cure taken out": (without_cure(), "every test", "what the fixture was for"),
    "closed, but no paper": (
        without_cure(
            ("labels.Printer(device).print", "(printer := labels.Printer(device)).print"),
            (LAST, LAST + "    printer.pool.shutdown(wait=False, cancel_futures=True)\n"),
        ),
        "every test",
        "so a thread waits for",
    ),
    "the cure calls at once": (
        in_text(
            (CURE[CURE.index("    with patch") : CURE.index("        yield")], AT_ONCE),
            text=SKELETON,
        ),
        "every test",
        "This test is stuck",
    ),
    "waited for while nobody brings paper": (
        without_cure(
            (
                "    printing = asyncio.create_task(labels.Printer(device)",
                "    printer = labels.Printer(device)\n    printing = asyncio.create_task(printer",
            ),
            (LAST, LAST + "    printer.close()\n"),
        ),
        "every test",
        "This test is stuck",
    ),
    "nobody looks at the label": (
        without_cure((LAST, COMES)),
        "a wrong label",
        "looks at what it printed",
    ),
    "the second label is forgotten": (
        without_cure(PRINTED, (LAST, LAST + "    device.paper.set()\n")),
        "if it has to wait for paper",
        "",
    ),
    "skipped": (
        without_cure((MARK, "pytestmark = [pytest.mark.asyncio, pytest.mark.skip]\n")),
        "every test",
        "prints nothing",
    ),
}
