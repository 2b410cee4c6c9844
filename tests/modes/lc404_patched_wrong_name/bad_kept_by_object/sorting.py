from postal import look_up


class Sorter:
    def __init__(self):
        self.find = look_up
        self.trays = {}


class NightSorter(Sorter):
    async def sort(self, letter, code):
        town = await self.find(code)
        self.trays.setdefault(town, []).append(letter)
        return town
