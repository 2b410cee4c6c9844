import os


class Prices:
    def __init__(self, http):
        self.http = http

    async def of(self, name):
        answer = await self.http.get(os.environ["HTTP_URL"], params={"name": name})
        return answer.text
