import asyncio


def background(function):
    """Let synchronous code call *function*, with a loop or without."""

    def start(*args):
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(function(*args))
        return loop.run_until_complete(function(*args))  # LC103

    return start


@background
async def send(to):
    await asyncio.sleep(0)
    return f"to {to}"
