async def download(url):
    return "real"


class Reader:
    def __init__(self, url, load=download):
        self.url, self.load = url, load

    async def read(self):
        return (await self.load(self.url)).upper()
