"""Runs all benches, one after the other, and writes what they say: `make bench`.

docs/benchmarks.md with its pictures, and the part of README.md that quotes it.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from curves import picture, told
from measured import NOISY, QUICK, Claim, Curves, Part, read

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.append(str(ROOT / "scripts"))
from page_ages import measured_now  # noqa: E402

PAGE, README = ROOT / "docs" / "benchmarks.md", ROOT / "README.md"
ORDER = ("passing", "modules", "tasks", "look", "failing", "heap", "import")
HEAD = (
    "Measured beside what others offer, in one session and in turns, as ratios of pairs."
    " `make bench` repeats all of it, peers included, and writes this page."
)
CLAIMS = re.compile(r"(<!-- claims -->\n).*?(<!-- /claims -->)", re.DOTALL)
PACKAGES = ("pytest", "pytest-asyncio", "pyleak", "aiomonitor")


def measured(name: str, folder: Path) -> Part:
    """Run one bench in a process of its own."""
    print(f"bench_{name} …", flush=True)
    file = folder / f"{name}.json"
    subprocess.run((sys.executable, HERE / f"bench_{name}.py", file), check=True)
    return read(file)


def claimed(claims: Sequence[Claim]) -> str:
    """Return the promises as a table: bound, seen, and whether it holds."""
    rows = [f"| {one.what} | {one.bound} | {one.seen} | {one.verdict()} |" for one in claims]
    return "\n".join(["| measured | at most | seen | |", "|---|---|---|---|", *rows])


def machine() -> str:
    """Return what it was measured on."""
    return (
        f"{measured_now()}, {platform.system()} on {platform.machine()},"
        f" {os.cpu_count()} cores, Python {platform.python_version()}, {versions()}."
    )


def versions() -> str:
    found = [(name, _version(name)) for name in PACKAGES]
    return ", ".join(f"{name} {version}" for name, version in found if version)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def noise(claims: Sequence[Claim]) -> str:
    worst = max(one.unsure for one in claims)
    said = f"of the figures below none is off by more than {worst:.1%}, 19 of 20 times."
    if worst <= NOISY:
        return said.capitalize()
    return f"This machine was not quiet: {said} What lies nearer to its bound is not judged."


def page(parts: Sequence[Part]) -> str:
    claims = [claim for part in parts for claim in part.claims]
    small = "\n\n**Small numbers, to try the benches: quote nothing of this.**" if QUICK else ""
    sections = "\n\n".join(section(part) for part in parts)
    return f"""# What it costs

{HEAD}{small}

{machine()} {noise(claims)}

<!-- claims -->
{claimed(claims)}
<!-- /claims -->

{sections}
"""


def section(part: Part) -> str:
    pictures = "".join(f"\n\n{drawn(one)}" for one in part.curves)
    return f"## {part.title}\n\n{part.text}{pictures}"


def drawn(curves: Curves) -> str:
    """Return the picture, and what it shows in words."""
    return f"![{curves.title}]({curves.stem}.svg)\n\n{told(curves)}"


def quoted(readme: str, page: str) -> str:
    """Return *readme* with the claims of *page*."""
    found = CLAIMS.search(page)
    assert found is not None
    return CLAIMS.sub(lambda _: found[0], readme)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        parts = [measured(one, Path(name)) for one in ORDER]
    written = page(parts)
    if QUICK:
        print(written)
        return
    for curves in (one for part in parts for one in part.curves):
        (PAGE.parent / f"{curves.stem}.svg").write_text(picture(curves), encoding="utf-8")
    PAGE.write_text(written, encoding="utf-8")
    README.write_text(quoted(README.read_text("utf-8"), written), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}, its pictures, and the table of README.md.")


if __name__ == "__main__":
    main()
