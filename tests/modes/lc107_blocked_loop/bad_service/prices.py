"""An async method that hides a synchronous request."""

import requests


class Prices:
    def __init__(self, url):
        self.url = url

    async def latest(self):
        answer = requests.get(  # LC107
            self.url,
            timeout=5,
        )
        return answer.text
