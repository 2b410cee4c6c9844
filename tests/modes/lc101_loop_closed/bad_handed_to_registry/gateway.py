# name: _registry["stripe"]._session
import aiohttp


class Gateway:
    def __init__(self, session):
        self._session = session

    async def charge(self, url):
        async with self._session.get(url) as answer:
            return answer.status


_registry = {}


async def build_gateway(name):
    if name not in _registry:
        _registry[name] = Gateway(aiohttp.ClientSession())  # LC101
    return _registry[name]
