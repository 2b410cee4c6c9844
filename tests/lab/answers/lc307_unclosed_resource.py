"""Answers to the exercise of LC307: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc307_unclosed_resource import SKELETON

SKELETON_SAYS = (
    "the tests notice a session that is never closed",
    "every test still passed",
)

LOST = """

@pytest.mark.asyncio
async def test_no_such_picture():
    from gallery import NoSuchPicture
    with pytest.raises(NoSuchPicture):
        async with Guide() as guide:
            await guide.title(3)
"""
CLOSED = "    assert guide.session.closed\n"

RIGHT = {
    "asked below both": SKELETON + CLOSED + LOST + CLOSED,
    "one fixture asks for all": """
import gallery
import pytest

@pytest.fixture
def guide():
    guide = gallery.Guide()
    yield guide
    assert guide.session.closed

@pytest.mark.asyncio
async def test_titles(guide):
    async with guide:
        assert [await guide.title(n) for n in (1, 2)] == ["The Harbour", "Two Cooks"]

@pytest.mark.asyncio
async def test_error(guide):
    try:
        async with guide:
            raise KeyError("the visitor leaves")
    except KeyError:
        pass
""",
    "a closed session refuses": """
import pytest
from gallery import Guide, NoSuchPicture

@pytest.mark.asyncio
@pytest.mark.parametrize("number", [1, 9])
async def test_after_the_visit_nobody_answers(number):
    guide = Guide()
    try:
        async with guide:
            assert await guide.title(number) == "The Harbour"
    except NoSuchPicture:
        assert number == 9
    with pytest.raises(RuntimeError):
        await guide.title(1)
""",
    "all sessions are counted": """
import aiohttp
import pytest
from gallery import Guide, NoSuchPicture

@pytest.fixture(autouse=True)
def sessions(monkeypatch):
    made = []
    real = aiohttp.ClientSession
    def make(*args, **options):
        made.append(real(*args, **options))
        return made[-1]
    monkeypatch.setattr(aiohttp, "ClientSession", make)
    yield
    assert [one.closed for one in made] == [True]

@pytest.mark.asyncio
async def test_title():
    async with Guide() as guide:
        assert await guide.title(2) == "Two Cooks"

@pytest.mark.asyncio
async def test_no_title():
    with pytest.raises(NoSuchPicture):
        async with Guide() as guide:
            await guide.title(0)
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the test closes": (
        SKELETON + "    await guide.session.close()\n    assert guide.session.closed\n",
        "never closed",
        "closes the session itself",
    ),
    "only the good end": (SKELETON + CLOSED, "after an error", "None of your visits"),
    "the error is not looked behind": (
        SKELETON + CLOSED + LOST,
        "after an error",
        "check what was open then",
    ),
    "asked inside": (SKELETON + "    " + CLOSED, "every test", "the visit is still going on"),
    "nothing asked": (SKELETON + LOST, "never closed", ""),
    "warnings as errors": (
        SKELETON.replace("@pytest", '@pytest.mark.filterwarnings("error")\n@pytest'),
        "never closed",
        "",
    ),
}
