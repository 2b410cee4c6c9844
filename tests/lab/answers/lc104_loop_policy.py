"""Answers to the exercise of LC104: the right ones and the wrong turns."""

SKELETON_SAYS = ("every test runs and passes", "test_a_ship_is_heard: NotImplementedError")

HEAD = """
import asyncio
import pytest
import windows
"""


def hook(*body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body)
    return f"{HEAD}\ndef pytest_asyncio_loop_factories(config, item):\n{lines}\n"


RIGHT = {
    "by the name of the test": hook(
        'reads = "heard" in item.name',
        "kind = asyncio.SelectorEventLoop if reads else asyncio.ProactorEventLoop",
        'return {"kind": kind}',
    ),
    "only the odd one": hook(
        'horn = item.fspath.basename.startswith("test_horn")',
        "return {'own': windows.Selector if horn else asyncio.new_event_loop}",
    ),
    "a mark for each, at collection": HEAD
    + """
@pytest.hookimpl(tryfirst=True)
def pytest_asyncio_loop_factories(config, item):
    needs = {"test_horn": windows.Selector, "test_lamp": windows.Proactor}
    return {"needed": needs[item.module.__name__]}
""",
    "the fixture of older versions": HEAD
    + """
@pytest.fixture
def event_loop_policy(request):
    if request.node.name == "test_a_ship_is_heard":
        return windows.SelectorPolicy()
    return windows.ProactorPolicy()
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a policy for all": (
        HEAD + "asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())\n",
        "every test",
        "and the lamp has stopped",
    ),
    "one kind for all": (
        hook('return {"own": asyncio.SelectorEventLoop}'),
        "every test",
        "and the lamp has stopped",
    ),
    "only deleted": (HEAD, "every test", "Without that fixture nothing changes"),
    "both for both": (
        hook('return {"a": asyncio.SelectorEventLoop, "b": asyncio.ProactorEventLoop}'),
        "every test",
        "return the one kind that",
    ),
    "a loop of another machine": (
        hook('return {"own": windows.Selector.__mro__[1]}'),
        "every test",
        "this machine doesn't have it",
    ),
    "a fixture for each": (
        HEAD
        + """
@pytest.fixture(autouse=True)
def right_policy(request):
    if request.node.name == "test_a_ship_is_heard":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    else:
        asyncio.set_event_loop_policy(asyncio.WindowsProactorEventLoopPolicy())
""",
        "every test",
        "it comes too late",
    ),
    "skipped": (
        HEAD
        + """
def pytest_collection_modifyitems(items):
    for item in items:
        if "ship" in item.name:
            item.add_marker(pytest.mark.skip)
""",
        "every test",
        "this machine can run both",
    ),
}
