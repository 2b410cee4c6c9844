# name: _sessions["bob"].done
import asyncio


class Session:
    def __init__(self):
        self.done = asyncio.get_running_loop().create_future()


_sessions = {}


def open_session(name):
    if name not in _sessions:
        _sessions[name] = Session()  # LC102
    return _sessions[name]
