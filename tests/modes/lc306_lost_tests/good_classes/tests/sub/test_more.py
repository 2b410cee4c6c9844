import pytest
from test_base import AbstractSuite, ReadContract, TestAbstract


class TestList(ReadContract):
    @pytest.fixture
    def store(self):
        return {}


class TestConcrete(TestAbstract):
    __test__ = True
    made = True


class TestSuite(AbstractSuite):
    made = True

    def test_nothing(self):
        assert self.made

    class TestInner(AbstractSuite.Inner):
        pass
