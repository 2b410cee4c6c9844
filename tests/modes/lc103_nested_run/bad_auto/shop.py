# name: sell
import asyncio


async def sell(what):
    await asyncio.sleep(0)
    return what


def main():
    print(asyncio.run(sell("jam")))  # LC103
