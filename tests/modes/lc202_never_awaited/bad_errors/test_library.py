"""Both warnings are errors: the test fails, with a page that names no line of the user's."""

# findings: 3
# name: Library.lend | Library.has | Library.pay
from library import Library


async def test_a_lent_book_is_away():
    library = Library()
    library.lend("Emma")  # LC202
    assert library.has("Emma")  # LC202


async def test_a_book_comes_back():
    library = Library()
    await library.lend("Emma")
    await library.give_back("Emma", fee=2)
    assert await library.has("Emma")
