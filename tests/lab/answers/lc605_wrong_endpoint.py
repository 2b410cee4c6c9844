"""Answers to the exercise of LC605: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc605_wrong_endpoint import SKELETON
from loopcheck.lab.workbook.lesson_files import solution_file

SKELETON_SAYS = (
    "every test runs and passes",
    "test_another_instrument_is_not_believed[rain]: Failed: DID NOT RAISE",
)

SOLUTION = solution_file("lc605_wrong_endpoint").read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str], text: str = SOLUTION) -> str:
    """Return *text* with changes, each of which must find its place."""
    found: str = in_text(*pairs, text=text)
    return found


CHECK = "if who != name:"

RIGHT = {
    "both asked at once": """
import asyncio

async def measure(name, port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"who\\nnumber\\n")
        who, number = [(await reader.readline()).strip() for _ in "12"]
    finally:
        writer.close()
    if who == name.encode():
        return float(number)
    raise LookupError(f"not {name}: {who!r}")
""",
    "the number first, believed later": """
import asyncio

async def measure(name, port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def ask(word):
        writer.write(word + b"\\n")
        return (await reader.readline()).decode().strip()

    try:
        number, who = await ask(b"number"), await ask(b"who")
    finally:
        writer.close()
    if who != name:
        raise LookupError(who)
    return float(number)
""",
    "an error of its own": changed(
        ("\n\nasync def", "\n\nclass Stranger(LookupError):\n    pass\n\n\nasync def"),
        ("raise LookupError(", "raise Stranger("),
    ),
    "a context manager that closes": """
import asyncio
from contextlib import closing

async def measure(instrument, port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        writer.write(b"who\\n")
        match (await reader.readline()).decode().rstrip("\\n"):
            case "":
                raise LookupError("it hung up")
            case who if who != instrument:
                raise LookupError(f"{who} and not {instrument}")
        writer.write(b"number\\n")
        return float((await reader.readline()).decode())
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "whether the port is open": (
        changed(
            (
                "    try:\n",
                "    if reader.at_eof():\n        raise LookupError(name)\n    try:\n",
            ),
            text=SKELETON,
        ),
        "every test",
        "",
    ),
    "a number that looks right": (
        changed(
            (
                "return float(await reader.readline())",
                "number = float(await reader.readline())\n        if number > 200:\n"
                "            raise LookupError(number)\n        return number",
            ),
            text=SKELETON,
        ),
        "every test",
        "",
    ),
    "begins alike": (
        changed((CHECK, "if not who.startswith(name):")),
        "every test",
        "`window` is not `wind`",
    ),
    "whatever the case": (
        changed((CHECK, "if not who.lower().startswith(name):")),
        "every test",
        "Compare the whole name",
    ),
    "two lines": (
        changed(
            (
                '        writer.write(b"number',
                "        writer.close()\n        reader, writer = await asyncio.open_connection("
                '"127.0.0.1", port)\n        writer.write(b"number',
            )
        ),
        "same line",
        "Ask both on the same",
    ),
    "left open": (
        changed(
            (
                "    finally:\n        writer.close()\n",
                "    finally:\n        lines.append(writer)\n",
            )
        )
        + "\n\nlines = []\n",
        "every test",
        "Close it in every case",
    ),
    "who hangs up": (
        changed((CHECK, "if who and who != name:")),
        "every test",
        "hung up without a word",
    ),
    "no name said": (
        changed(("and {who or 'nobody'} did", "and did not")),
        "every test",
        "You will need that name at night",
    ),
    "every error caught": (
        changed(
            ("        return", "        try:\n            return"),
            (
                "    finally",
                "        except ValueError:\n            raise LookupError(name)\n    finally",
            ),
            text=SKELETON,
        ),
        "every test",
        "",
    ),
}
