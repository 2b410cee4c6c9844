import postal
from postal import look_up


class Sorter:
    def __init__(self, find=None):
        self.find = find or look_up

    async def sort(self, code):
        return await self.find(code)

    async def checked(self, code):
        return await postal.look_up(code) or await self.find(code)
