"""Measures what pytest prints for ten failing projects: alone, with findings in full, in brief.

`make measure-formats` writes two parts of docs/reporters.md. Tokens are those of bpe-openai, which
brings its vocabulary along: it needs no network.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import bpe_openai  # type: ignore[import-not-found]
import try_reporters
from samples import HERE, PLUGIN, PYTEST, Bench, Sample, bench, copied

from loopcheck.modes import catalogue
from loopcheck.plugin.reporting.terminal_format import AGENTS
from loopcheck.report import brief
from loopcheck.report import json as json_words

ENCODING = "o200k_base"
PROJECTS = (  # of different families, most of several files
    "lc101_loop_closed/bad_task_of_a_run",
    "lc102_loop_mismatch/bad_package",
    "lc106_scope_mismatch/bad_sqlalchemy.py",
    "lc301_undecorated_async_fixture/bad_conftest",
    "lc309_isolated_asyncio_testcase/bad_waits",
    "lc401_sync_mock_awaited/bad_gather.py",
    "lc408_wrong_override_signature/bad",
    "lc501_duplicate_metric/bad_collected",
    "lc601_missing_table/bad_depends",
    "lc603_pool_exhausted/bad_unit_of_work.py",
)
ALONE, TERSE = "pytest alone", "brief, `--tb=no`"
WAYS = {
    ALONE: (),
    "full": (*PLUGIN, "--loopcheck-format=full"),
    "brief": (*PLUGIN, "--loopcheck-format=brief"),
    TERSE: (*PLUGIN, "--loopcheck-format=brief", "--tb=no"),
}
RERUN = "pytest --loopcheck tests/checkout/test_cart.py::test_price_of_a_cart"
GOLDEN = HERE / "golden.json"
LONGEST = 120  # seconds for one run

Size = tuple[int, int]  # characters, tokens


def main() -> int:
    encoding = bpe_openai.get_encoding(ENCODING)
    rows, total = [], dict.fromkeys(WAYS, (0, 0))
    with bench() as servers:
        for name in PROJECTS:
            said = {way: printed(servers, name, options) for way, options in WAYS.items()}
            sizes = {way: (len(text), len(encoding.encode(text))) for way, text in said.items()}
            rows.append(row(name.removesuffix(".py"), sizes))
            for way, (characters, tokens) in sizes.items():
                total[way] = total[way][0] + characters, total[way][1] + tokens
            print(rows[-1], flush=True)
    head = [f"| project | {' | '.join(WAYS)} |", f"|{' --- |' * (len(WAYS) + 1)}"]
    table = [*head, *rows, row("all ten", total), "", about_a_cause(encoding)]
    try_reporters.put("figures", "\n".join(table))
    return 0


def printed(servers: Bench, name: str, options: tuple[str, ...]) -> str:
    """Return what pytest prints for a copy of the sample *name*."""
    sample = Sample(HERE / name)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "project")
        copied(sample, folder)
        target = [sample.path.name] if sample.path.is_file() else []
        known = {key: value for key, value in servers.environment().items() if key not in AGENTS}
        ran = subprocess.run(
            [*PYTEST, *options, *target],
            cwd=folder,
            env={**known, "COLUMNS": "80"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=LONGEST,
        )
    return ran.stdout.decode("utf-8", "replace")


def row(name: str, sizes: dict[str, Size]) -> str:
    cells = [f"{characters:,} / {tokens:,}" for characters, tokens in sizes.values()]
    return f"| {' | '.join([name, *cells])} |"


def about_a_cause(encoding: bpe_openai.Encoding) -> str:
    """Return how long one cause is in brief, over all findings of the samples."""
    stored = json.loads(GOLDEN.read_text("utf-8"))
    slugs = {mode.code: mode.slug for mode in catalogue.modes()}
    found = [{**one, "slug": slugs[one["code"]]} for each in stored.values() for one in each]
    said = [brief.cause(json_words.read_finding(one), rerun=RERUN) for one in found]
    tokens = [len(encoding.encode(one)) for one in said]
    return (
        f"Over the {len(said):,} findings of all samples, a cause in brief has "
        f"{statistics.median(tokens):.0f} tokens at the median and {max(tokens)} at most, and at "
        f"most {max(map(len, said))} characters."
    )


if __name__ == "__main__":
    sys.exit(main())
