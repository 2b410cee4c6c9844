"""LC605 wrong-endpoint: the solution of the exercise, why it works, and one other good way.

What was wrong: `measure` took a number from any server that listened at the port. A rain gauge
answers as politely as a wind gauge, so nothing failed, and the roof stayed open in a storm.

What changed: one question before the number, on the same line, so that no other server can come in
between. The code compares the whole name. A server that hangs up gives an empty answer, which is
not the name either; and the `finally` closes the line in every case.

Another good way: ask once, at the start of the run, and not before each number. A suite does it
this way with a store or a database. One fixture provides the address and sends `INFO server` or
`select current_database()`. If it is the wrong server, the fixture ends the run with both names.
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
