"""The application's own wiring hands the wrapper to what asks for the client."""

import fakeredis


class Store:
    def __init__(self):
        self.client = fakeredis.FakeAsyncValkey(decode_responses=True)

    async def stop(self):
        await self.client.aclose()


class Playlist:
    def __init__(self, store):
        self.store = store

    async def queue(self, song):
        return await self.store.rpush("songs", song)


class Station:
    def __init__(self):
        self.store = Store()
        self.playlist = Playlist(self.store)  # LC507
