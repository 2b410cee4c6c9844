"""What is called is no name: a hook that `getattr` finds, a handler out of a dict."""

# findings: 2
import pytest
import pytest_asyncio


class Database:
    connected = False

    async def on_start(self):
        self.connected = True

    async def on_stop(self):
        if not self.connected:
            raise RuntimeError("database was shut down twice")
        self.connected = False


class Plugins:
    def __init__(self, *plugins):
        self.plugins = plugins

    async def start(self):
        for one in self.plugins:
            getattr(one, "on_start", lambda: None)()  # LC202

    async def stop(self):
        for one in self.plugins:
            await getattr(one, "on_stop")()


@pytest_asyncio.fixture
async def plugins():
    found = Plugins(Database())
    await found.start()
    yield found
    await found.stop()


# name: Database.on_start
@pytest.mark.asyncio
async def test_plugins(plugins):
    assert len(plugins.plugins) == 1


seen = []


async def note(event):
    seen.append(event)


HANDLERS = {"paid": note}


async def publish(kind, event):
    HANDLERS[kind](event)  # LC202


# name: note
@pytest.mark.asyncio
async def test_publish():
    await publish("paid", 3)
    assert seen == [3]
