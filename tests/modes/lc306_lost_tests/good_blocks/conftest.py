from types import CodeType, FunctionType

import pytest


class Block(pytest.Module):
    """A function whose inner ones are tests, as pytest-describe has it: a module in a module."""

    def _getobj(self):
        return self.parent.obj

    def funcnamefilter(self, name):
        return True

    def collect(self):
        for code in getattr(self.obj, self.name).__code__.co_consts:
            if isinstance(code, CodeType):
                test = FunctionType(code, vars(self.obj))
                yield pytest.Function.from_parent(self, name=code.co_name, callobj=test)


def pytest_pycollect_makeitem(collector, name):
    if name.startswith("describe_"):
        node = f"{collector.nodeid}::{name}"
        return Block.from_parent(collector, path=collector.path, name=name, nodeid=node)
