"""The words of asyncio, from the code under test."""


def get_event_loop():
    raise RuntimeError("There is no current event loop in thread 'MainThread'.")


def test_loop():
    assert get_event_loop()


def start(loop):
    if loop is None:
        raise RuntimeError("no running event loop")
    return loop


def test_start():
    assert start(None)
