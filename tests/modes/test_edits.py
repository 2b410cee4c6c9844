"""The edits of every sample that has them, applied to a copy: it passes, checks as much, is silent.

`python tests/modes/test_edits.py [FOLDER…]` prints the share of samples with edits by mode.
"""

import ast
import hashlib
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from golden import is_run_each_time
from loopcheck.modes.edits import with_edits
from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Place
from loopcheck.report import json as json_words
from loopcheck.source.changes.edited_text import applied
from loopcheck.source.changes.project_sources import Sources
from samples import Bench, Run, Sample, bench, collect

ROUNDS = 4  # a mended fault may have hidden the next one
INI_MARK = re.compile(r" *# LC\d{3}$", re.MULTILINE)
STARTERS = ("run", "run_until_complete", "to_thread")
CHECKS = ("assert", "raises", "warns", "fail")
# `mended.json` has the samples with edits. Mended, some fail for the reason that the fault had
# hidden: the assertion that never ran, or one that is about the fault.
PASSES, FAILS, UNPROVED = "passes", "fails as it should", "not proved"


@dataclass
class Mended:
    """A sample after its edits, and what is wrong with it."""

    edits: int = 0
    wrong: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    output: str = ""

    @property
    def proved(self) -> bool:
        return self.edits > 0 and not self.wrong


def read_texts(folder: Path) -> dict[str, str]:
    """Return the files of a copy, with their line ends."""
    files = (one for one in folder.rglob("*") if one.suffix in (".py", ".ini", ".toml", ".cfg"))
    return {
        one.relative_to(folder).as_posix(): one.read_bytes().decode("utf-8")
        for one in sorted(files)
    }


def checks(texts: dict[str, str]) -> Counter[str]:
    """Return what *texts* assert, each without its awaits and attributes of loops."""
    trees = (ast.parse(text) for file, text in texts.items() if file.endswith(".py"))
    return Counter(said for tree in trees for node in ast.walk(tree) for said in _check(node))


def _check(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assert):
        yield _bare(node.test)
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func).rpartition(".")[2]
        if name == "RaisesGroup" and len(node.args) == 1:  # the same error, alone in a group
            exact = node.args[0]
            node = exact if isinstance(exact, ast.Call) else node  # RaisesExc(OSError, match="no")
            name = "raises"
        if name.startswith(CHECKS):
            yield f"{name}({', '.join(map(_bare, node.args))})"


class _NoAwaits(ast.NodeTransformer):
    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.visit(node.value)  # type: ignore[no-any-return]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name(id="_", ctx=node.ctx), node)  # it may be another

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Take what starts a loop or a thread for the call that runs there."""
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in ("int", "str") and len(node.args) == 1:
            return self.visit(node.args[0])  # type: ignore[no-any-return]
        if name == "wrap_future":
            result = ast.Attribute(node.args[0], "result", ast.Load())
            return self.visit(ast.Call(result, [], []))  # type: ignore[no-any-return]
        if name not in STARTERS or not node.args:
            return self.generic_visit(node)
        work, *rest = node.args
        made = work if isinstance(work, ast.Call) else ast.Call(work, rest, node.keywords)
        return self.visit(ast.copy_location(made, node))  # type: ignore[no-any-return]

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        made = ast.GeneratorExp(elt=node.elt, generators=node.generators)
        return self.generic_visit(ast.copy_location(made, node))


def _bare(node: ast.AST) -> str:
    return ast.unparse(_NoAwaits().visit(ast.parse(ast.unparse(node))))


def mend(sample: Sample, servers: Bench) -> Mended:
    """Apply the first edits of each finding of *sample*, until nothing is found."""
    texts, done = sample_texts(sample), Mended()
    seen = first_run(sample, texts, servers)
    before = checks(texts)
    tests = len(seen.outcomes)
    for _ in range(ROUNDS):
        changed = apply_first(texts, seen)
        if changed is None:
            break
        done.edits += 1
        texts, seen = changed, run_texts(sample, changed, servers)
        if not seen.findings and not seen.failures:
            break
    done.texts, done.output = texts, seen.output
    if done.edits:
        done.wrong += list(_complaints(sample, seen, before, checks(texts), tests))
    return done


def sample_texts(sample: Sample) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as name:
        from samples import copied

        folder = Path(name, "copy")
        copied(sample, folder)
        texts = read_texts(folder)
    # In an ini file the mark of the line is part of the value.
    return {
        file: text if file.endswith((".py", ".toml")) else INI_MARK.sub("", text)
        for file, text in texts.items()
    }


def first_run(sample: Sample, texts: dict[str, str], servers: Bench) -> Run:
    """Return what is found before any edit; `test_samples.py` runs most samples as they are."""
    marked_settings = any(not file.endswith((".py", ".toml")) for file, _ in sample.marks)
    return run_texts(sample, texts, servers) if marked_settings else servers.look(sample)


def apply_first(texts: dict[str, str], seen: Run) -> dict[str, str] | None:
    """Return *texts* with the first edits of all findings, None if there are none."""
    changes: list[Edit] = []
    for found in seen.findings:
        if found.get("edits"):
            mine = json_words.read_finding(found).edits[0].changes
            if not any(_overlaps(one, other) for one in mine for other in changes):
                changes += mine
    if not changes:
        return None
    files = {one.file for one in changes}
    made = {file: applied(texts[file], [c for c in changes if c.file == file]) for file in files}
    return texts | made


def _overlaps(one: Edit, other: Edit) -> bool:
    same = one.file == other.file and one != other
    return same and one.start < other.end and other.start < one.end


def run_texts(sample: Sample, texts: dict[str, str], servers: Bench) -> Run:
    """Run the files *texts* in the way of *sample*, with loopcheck."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, sample.path.stem)
        for file, text in texts.items():
            place = folder / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8"))
        if sample.path.is_file():
            other = next(file for file in texts if file.endswith(".py"))
            return servers.look_at_changed(Sample(folder / other), folder, sample)
        return servers.look_at_changed(Sample(folder), folder, sample)


def _complaints(
    sample: Sample, seen: Run, before: Counter[str], after: Counter[str], tests: int
) -> Iterator[str]:
    if seen.failures and KNOWN.get(sample.id) != FAILS:
        yield f"{seen.failures} failures"
    if seen.code not in (0, 1):
        yield f"exit code {seen.code}"
    for found in seen.findings:
        yield f"{found['code']} is found: {found['what']}"
    if lost := before - after:
        yield f"checks are lost: {'; '.join(lost)}"
    if len(seen.outcomes) < tests:
        yield f"{len(seen.outcomes)} of {tests} tests"


KNOWN: dict[str, str] = json.loads(Path(__file__).with_name("mended.json").read_text("utf-8"))
MENDED = [one for one in collect() if KNOWN.get(one.id, UNPROVED) != UNPROVED]


# A bug in the code under test of a mended sample, or in its data: the tests have to notice it.
CHOSEN = {
    "lc103_nested_run/bad_sync_api": ('"jam": 3', '"jam": 4'),
    "lc202_never_awaited/bad_compare": ("key.upper()", "key.lower()"),
    "lc202_never_awaited/bad_plain": ('user == "ann"', 'user != "ann"'),
    "lc206_unclosed_asyncgen/bad": ("range(3)", "range(1, 3)"),
    "lc207_swallowed_cancel/bad": ("asyncio.sleep(3600)", "asyncio.sleep(0)"),
    "lc208_premature_assert/bad": ("self.seen.append(event)", "self.seen.append(event + 1)"),
    # A poll that never ends may outlast its limit: the client can swallow the cancellation.
    "lc208_premature_assert/bad_valkey": ('store.set("last", user)', 'store.lpush("last", user)'),
    "lc301_undecorated_async_fixture/bad": ("store.ping()", "store.exists('lost')"),
    "lc308_shared_arguments/bad_list": ("EVENTS.append(name)", "EVENTS.append(name.upper())"),
    "lc401_sync_mock_awaited/bad": ('["balance"] - 1', '["balance"] - 2'),
    "lc402_async_mock_for_sync_call/bad": (".upper()", ".lower()"),
    "lc404_patched_wrong_name/bad": ("amount * float(rate)", "amount + float(rate)"),
    "lc410_mock_not_a_context_manager/bad": ('return await conn.fetchval("', 'return str("'),
    "lc508_bytes_or_str/bad": ('"answer", "42"', '"answer", "43"'),
}


@dataclass(frozen=True)
class Bug:
    """A line of a mended sample, and the same line with a bug."""

    file: str
    line: str
    bug: str

    def planted(self, texts: dict[str, str]) -> dict[str, str]:
        lines = texts[self.file].splitlines(keepends=True)
        [at] = [number for number, one in enumerate(lines) if one.strip() == self.line]
        lines[at] = lines[at].replace(self.line, self.bug)
        return texts | {self.file: "".join(lines)}


PLANTED = {
    one: Bug(**said)
    for one, said in json.loads(Path(__file__).with_name("planted.json").read_text("utf-8")).items()
}


def with_bug(sample: Sample, texts: dict[str, str]) -> dict[str, str] | None:
    """Return the mended *texts* with the bug for this sample, None if it has none."""
    if sample.id in CHOSEN:
        was, will = CHOSEN[sample.id]
        broken = {file: text.replace(was, will) for file, text in texts.items()}
        assert broken != texts
        return broken
    return PLANTED[sample.id].planted(texts) if sample.id in PLANTED else None


# That the tests notice a bug has nothing to do with loopcheck: it was seen of these texts.
NOTICED_FILE = Path(__file__).with_name("noticed.json")
NOTICED: dict[str, str] = json.loads(NOTICED_FILE.read_text("utf-8"))


def digest(texts: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]


def is_noticed(sample: Sample, broken: dict[str, str], servers: Bench) -> bool:
    """Return whether the tests of *sample*, mended and with a bug, fail."""
    if NOTICED.get(sample.id) == digest(broken) and not is_run_each_time(sample):
        return True
    return run_texts(sample, broken, servers).failures > 0


@pytest.mark.parametrize("sample", MENDED, ids=lambda sample: sample.id)
def test_the_edits_mend_the_sample_and_keep_what_it_checks(
    sample: Sample, sample_servers: Bench
) -> None:
    done = mend(sample, sample_servers)
    assert done.edits, "no edits"
    assert not done.wrong, f"{done.wrong}\n{done.output}"
    broken = with_bug(sample, done.texts)
    if broken is not None and KNOWN[sample.id] == PASSES:
        assert is_noticed(sample, broken, sample_servers), "no test notices the bug"


def test_most_mended_samples_have_a_planted_bug() -> None:
    passing = {one.id for one in MENDED if KNOWN[one.id] == PASSES}
    assert not PLANTED.keys() - passing, "a bug for a sample without edits"
    assert len(passing & (PLANTED.keys() | CHOSEN.keys())) >= 0.75 * len(passing)


def test_an_edit_of_what_a_line_asserts_is_not_offered(tmp_path: Path) -> None:
    lines = "def test_count(count):", "    %s count == 3"
    finding = Finding(
        code="LC508",
        slug="bytes-or-str",
        certainty="certain",
        what="",
        why="",
        fix="",
        where=Place("test_a.py", 2),
        remedy=("number",),
    )
    offered = []
    for word in ("assert", "return"):
        (tmp_path / "test_a.py").write_text("\n".join(lines) % word)
        offered.append(with_edits(finding, Sources(str(tmp_path))).edits)
    assert [bool(edits) for edits in offered] == [False, True]


def main() -> None:
    """Print the share with edits, and of those the proved; --write stores what was found."""
    options = {one for one in sys.argv[1:] if one.startswith("-")}
    folders = [one.strip("/") for one in sys.argv[1:] if one not in options]
    known = {one: how for one, how in KNOWN.items() if folders and not _is_in(one, folders)}
    noticed = {one: seen for one, seen in NOTICED.items() if one in known}
    rows: dict[str, Counter[str]] = {}
    with bench() as servers:
        for sample in collect(*folders):
            if sample.fault == "nothing":
                continue
            done = mend(sample, servers)
            row = rows.setdefault(sample.path.parent.name, Counter())
            row.update(samples=1, edits=bool(done.edits), proved=done.proved)
            if done.proved:
                known[sample.id] = FAILS if KNOWN.get(sample.id) == FAILS else PASSES
                broken = with_bug(sample, done.texts)
                if broken is not None and is_noticed(sample, broken, servers):
                    noticed[sample.id] = digest(broken)
            elif done.edits:
                fails = "--fails" in options and _only_fails(done)
                known[sample.id] = FAILS if fails else UNPROVED
            if done.edits and not done.proved:
                errors = [one for one in done.output.splitlines() if one.startswith("E ")]
                print(sample.id, *done.wrong, *errors, _failures(done), sep="\n   ", flush=True)
            if not done.edits:
                print(f"{sample.id}: no edits", flush=True)
            if "-v" in options:
                _show(sample, done)
    for name, row in rows.items():
        print(f"{name:<40}{row['samples']:>4}{row['edits']:>4}{row['proved']:>4}")
    if "--write" in options:
        for name, kept in (("mended.json", known), (NOTICED_FILE.name, noticed)):
            text = json.dumps(dict(sorted(kept.items())), indent=1)
            Path(__file__).with_name(name).write_text(f"{text}\n", encoding="utf-8")


def _is_in(one: str, folders: list[str]) -> bool:
    return any(f"{one}/".startswith(f"{folder}/") for folder in folders)


def _only_fails(done: Mended) -> bool:
    return len(done.wrong) == 1 and done.wrong[0].endswith(" failures")


def _failures(done: Mended) -> str:
    lines = done.output.splitlines()
    return "\n   ".join(
        one for one in lines if one.startswith(("FAILED", "ERROR")) or ".py:" in one
    )


def _show(sample: Sample, done: Mended) -> None:
    import difflib

    for file, was in sample_texts(sample).items():
        is_now = done.texts.get(file, was)
        lines = difflib.unified_diff(was.splitlines(), is_now.splitlines(), file, file, n=1)
        print("\n".join(line.rstrip("\n") for line in lines))


if __name__ == "__main__":
    main()
