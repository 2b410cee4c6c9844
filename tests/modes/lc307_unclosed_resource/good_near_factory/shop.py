import aiohttp


class Shop:
    def __init__(self, name, http):
        self.name = name
        self._http = http

    @classmethod
    async def open(cls, name):
        return cls(name, aiohttp.ClientSession())

    async def aclose(self):
        await self._http.close()


async def open_shop():
    shop = await Shop.open("sea")
    return shop
