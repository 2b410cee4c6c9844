import aiosqlite


class Connections:
    _by_path = {}

    @classmethod
    async def get(cls, path):
        found = cls._by_path.get(path)
        if found is None:
            found = await aiosqlite.connect(path)  # LC604
            cls._by_path[path] = found
        return found
