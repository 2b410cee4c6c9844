import functools


class Closed(Exception):
    pass


class Line:
    def __init__(self, address):
        self.address = address
        self.closed = False
        self.said = []

    async def say(self, text):
        if self.closed:
            raise Closed(f"the line to {self.address} is closed")
        self.said.append(text)

    async def close(self):
        self.closed = True


@functools.lru_cache
def line_to_depot():
    return Line("depot")


async def order(goods):
    await line_to_depot().say(f"order {goods}")
