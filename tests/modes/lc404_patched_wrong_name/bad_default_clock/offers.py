import time


class Offers:
    def __init__(self, seconds, clock=time.time):
        self.seconds, self.clock, self.kept = seconds, clock, {}

    async def get(self, route, search):
        found, at = self.kept.get(route, (None, 0))
        if found is None or self.clock() - at > self.seconds:
            found = await search(route)
            self.kept[route] = found, self.clock()
        return found
