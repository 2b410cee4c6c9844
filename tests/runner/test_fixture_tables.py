"""All fixtures that pytest knows are found, in whatever tables this version keeps them."""

import pytest

from loopcheck.runner import fixture_tables


@pytest.fixture
def of_this_module() -> int:
    return 3


def test_fixtures_of_pytest_and_of_a_module_are_among_them(request: pytest.FixtureRequest) -> None:
    assert {"tmp_path", "of_this_module"} <= fixture_tables.names(request.session)


def test_a_fixture_is_found_by_its_name(request: pytest.FixtureRequest) -> None:
    [found] = fixture_tables.named("of_this_module", request.session)
    assert found.argname == "of_this_module"
    assert list(fixture_tables.named("of_no_module", request.session)) == []


def test_without_a_session_there_are_none() -> None:
    assert fixture_tables.names(None) == set()
