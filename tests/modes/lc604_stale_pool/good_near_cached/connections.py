import aiosqlite


class Connections:
    _by_path = {}

    @classmethod
    async def get(cls, path):
        if path not in cls._by_path:
            cls._by_path[path] = await aiosqlite.connect(path)
        return cls._by_path[path]

    @classmethod
    async def close(cls, path):
        await cls._by_path.pop(path).close()
