"""A test that listens for a warning expects it; pytest's own log of the test does not."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from loopcheck.watch.runs import expected_warnings


@pytest.fixture(autouse=True)
def begun() -> None:
    expected_warnings.begin_test()


def expected(category: type[Warning] = ResourceWarning) -> bool:
    return expected_warnings.is_expected(category)


@contextmanager
def recorded(*filters: str) -> Iterator[None]:
    with warnings.catch_warnings(record=True):
        warnings.resetwarnings()
        for one in filters:
            warnings.simplefilter(one)  # type: ignore[arg-type]
        yield


def test_a_test_that_does_not_listen_expects_nothing() -> None:
    assert not expected()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not expected()


@pytest.mark.filterwarnings("ignore:asked for")
@pytest.mark.parametrize(
    ("block", "expects"),
    [
        (lambda: pytest.warns(ResourceWarning), True),
        (lambda: pytest.warns((UserWarning, ResourceWarning)), True),
        (lambda: pytest.warns(Warning), True),  # noqa: PT030
        (pytest.warns, True),
        (lambda: pytest.warns(UserWarning), False),  # noqa: PT030
        (pytest.deprecated_call, False),
        (lambda: recorded("always"), True),
        (lambda: recorded("ignore"), False),
        (recorded, True),
    ],
)
def test_a_block_expects_what_it_is_for(
    block: Callable[[], AbstractContextManager[object]], expects: bool
) -> None:
    with block():
        for one in (DeprecationWarning, UserWarning, ResourceWarning):
            warnings.warn("asked for", one)  # noqa: B028
        found = expected()
    assert found is expects
    assert not expected()


def test_deprecated_calls_expect_deprecations() -> None:
    with pytest.deprecated_call():
        warnings.warn("old", DeprecationWarning)  # noqa: B028
        found = expected(DeprecationWarning)
    assert found


def test_recwarn_listens_to_the_end_of_its_test(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("recwarn")
    assert expected()


def test_a_filter_about_other_texts_decides_nothing() -> None:
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", message="another text")
        assert expected()
