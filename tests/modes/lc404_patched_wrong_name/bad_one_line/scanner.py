# fmt: off
# ruff: noqa: E704
from hosts import port, resolve


class Scanner:
    async def scan(self, name): return await resolve(name)
    def port(self, name): return port(name)
