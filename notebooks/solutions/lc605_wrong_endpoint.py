"""LC605 wrong-endpoint: the solution of the exercise, why it works, and one other good way.

What was wrong: `measure` took a number from whoever listened at the port. A rain gauge answers as
politely as a wind gauge, so nothing failed, and the roof stayed open in a storm.

What changed: one question before the number, on the same line, so that nobody can come between. The
whole name is compared. Who hangs up gives an empty answer, which is not the name either; and the
`finally` closes the line in every case.

Another good way: ask once, at the start of the run, and not before each number. That is how a suite
does it with a store or a database: one fixture makes the address, asks `INFO server` or
`select current_database()`, and ends the run with both names if it is not who was meant.
"""

import asyncio


async def measure(name, port):
    """Return the number of the instrument *name*, which listens on *port*."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"who\n")
        who = (await reader.readline()).decode().strip()
        if who != name:
            raise LookupError(f"{name} was to answer on port {port}, and {who or 'nobody'} did")
        writer.write(b"number\n")
        return float(await reader.readline())
    finally:
        writer.close()
