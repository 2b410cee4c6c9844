import asyncio
import sys

from runner import run_sync


async def copy(source):
    await asyncio.sleep(0)
    return f"{source}.bak"


def main(source):
    try:
        done = run_sync(copy(source))
    except Exception as error:
        print("backup failed:", error, file=sys.stderr)
        return 2
    print(done)
    return 0
