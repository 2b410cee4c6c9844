"""Python's words about a dropped coroutine are ours."""

import warnings

import pytest

from loopcheck.source.coroutines import unawaited_warnings


async def load() -> None: ...


def test_our_words_are_those_of_python() -> None:
    made = load()
    said = unawaited_warnings.words(made)
    with pytest.warns(RuntimeWarning) as seen:
        del made
    [warned] = seen
    assert str(warned.message).partition("\n")[0] == said
    assert unawaited_warnings.is_one(warned)
    assert unawaited_warnings.coroutine_name(warned) == "load"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("coroutine 'load' was never awaited", UserWarning),
        ("coroutine method 'aclose' of 'rows' was never awaited", RuntimeWarning),
    ],
)
def test_other_warnings_are_none(said: str, kind: type[Warning]) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        warnings.warn(said, kind, stacklevel=1)
    assert not unawaited_warnings.is_one(seen[0])
