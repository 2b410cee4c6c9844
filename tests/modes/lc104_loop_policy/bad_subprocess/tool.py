import asyncio
import sys


async def version():
    child = await asyncio.create_subprocess_exec(  # LC104
        sys.executable,
        "-V",
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await child.communicate()
    return output
