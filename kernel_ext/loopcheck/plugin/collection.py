"""What pytest collects, and what it skips: judged once, before the first test."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.plugin import ours
from loopcheck.runner import idle_fixtures

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.found import Found
    from loopcheck.records import Evidence, LostTests

OUTPUT = "loopcheck_collected"  # in a worker; its controller collects nothing


class Collection:
    """Records each collector and file, and releases them when the tests begin."""

    def __init__(self, found: Found, labels: Labels) -> None:
        self.found, self.labels = found, labels
        self.nodes: dict[str, Any] = {}  # collectors by node id
        self.results: dict[str, list[Any]] = {}  # the items of each, before any was deselected
        self.files: set[Path] = set()  # python files that pytest was offered
        self.failed = False
        self.idle: list[Finding] = []  # fixtures that have no effect
        self.frozen = gc.get_freeze_count()  # 3.12 starts with some hundreds

    def pytest_collectstart(self, collector: Any) -> None:
        if type(collector).__module__ != "_pytest.doctest":  # has the node id of its module
            self.nodes[collector.nodeid] = collector

    def pytest_collectreport(self, report: Any) -> None:
        if report.passed:
            self.results.setdefault(report.nodeid, []).extend(report.result or ())
        elif report.failed:
            self.failed = True

    def pytest_collect_file(self, file_path: Path) -> None:
        if file_path.suffix == ".py":
            self.files.add(file_path)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        config = session.config
        # All of xdist's workers collect the same: only the first one reports it.
        worker = getattr(config, "workerinput", {}).get("workerid", "gw0")
        if worker == "gw0" and not config.getoption("lf", False):
            with ours.guarded("look at what was collected", self.found.notes):
                self.judge(session)
        self.nodes.clear()
        self.results.clear()

    def judge(self, session: pytest.Session) -> None:
        config = session.config
        lost = tuple(self.lost(config))
        if not lost and not idle_fixtures.defined(session):
            return
        from loopcheck.case import fixture_evidence
        from loopcheck.records import Evidence
        from loopcheck.report import json as json_words

        lost_here = self._found([Evidence(lost_tests=lost)])
        tests = [one for found in self.results.values() for one in found]
        self.idle = self._found(
            fixture_evidence.unrequested(session, tests, _whole(config), self.labels)
        )
        for one in lost_here:
            self.found.keep_silent(one)
        sent = getattr(config, "workeroutput", None)
        if sent is not None:
            sent[OUTPUT] = [json_words.finding(one) for one in (*lost_here, *self.idle)]

    def _found(self, seen: Iterable[Evidence]) -> list[Finding]:
        from loopcheck.modes.diagnose import diagnose

        found = [one for each in seen for one in diagnose(each, self.labels)]
        return self.found.not_waived(found, None, None)

    def pytest_sessionfinish(self) -> None:
        """Report fixtures without effect, unless a failed test has named them by now."""
        for one in self.idle:
            if not self.found.has(one):
                self.found.keep_silent(one)

    def lost(self, config: pytest.Config) -> Iterator[LostTests]:
        from loopcheck.runner import lost_test_scan

        modules = [node for node in self.nodes.values() if _module(node)]
        collected = lost_test_scan.Collected(
            nodes=self.nodes, results=self.results, frozen=gc.get_freeze_count() > self.frozen
        )
        whole, labels = _whole(config), self.labels
        for node in modules:
            if node.nodeid in self.results and lost_test_scan.suspicious(node, collected):
                from loopcheck.runner import lost_tests  # late: in most runs no file is

                yield from lost_tests.read(node, collected, whole, labels)
        if self.failed or not modules:
            return  # files that could not be imported may need the rest
        taken = {Path(node.path) for node in modules}
        folders = {path.parent for path in taken}  # one without tests belongs to another runner
        for path in sorted(self.files - taken):
            named = "test" in path.name.lower() and path.name != "conftest.py"
            if named and _for_pytest(path.parent, folders) and whole(path):
                from loopcheck.runner import lost_files  # late, too

                found = lost_files.read(path, modules[0], labels)
                if found is not None:
                    yield found

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over the findings of one of xdist's workers."""
        from loopcheck.report import json as json_words

        for said in (getattr(node, "workeroutput", None) or {}).get(OUTPUT, ()):
            one = json_words.read_finding(said)
            if not self.found.has(one):
                self.found.keep_silent(one)


def _module(node: Any) -> bool:
    if not isinstance(node, pytest.Module) or isinstance(node, pytest.Package):
        return False
    return not isinstance(node.parent, pytest.Module)  # a pytest-describe block is one, too


def _for_pytest(folder: Path, taken: set[Path]) -> bool:
    """True if tests were found in *folder*, or above it and it has a conftest of its own."""
    if folder in taken:
        return True
    return any(one in taken for one in folder.parents) and (folder / "conftest.py").is_file()


def _whole(config: pytest.Config) -> Callable[[Path], bool]:
    """Return a function that is true if the command line selects a file's whole folder."""
    here = Path(config.invocation_params.dir)
    asked = [Path(here, str(one)).resolve() for one in config.args if "::" not in str(one)]
    folders = {one for one in asked if one.is_dir()}
    return lambda path: any(folder in path.resolve().parents for folder in folders)
