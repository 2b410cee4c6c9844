from datetime import timedelta

from acct.clock import utcnow


class Tokens:
    def __init__(self, store):
        self.store = store

    async def issue(self, user):
        expires = utcnow() + timedelta(hours=1)  # used
        await self.store.put(user, expires)
        return expires
