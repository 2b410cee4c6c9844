import asyncio


def run_sync(coro):
    """Run *coro* to its end, from synchronous code."""
    with asyncio.Runner() as runner:
        return runner.run(coro)  # LC103
