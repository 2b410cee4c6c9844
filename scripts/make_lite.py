"""Write the workbook for a browser tab: `make lite`, into build/lite.

    python scripts/make_lite.py WHEELS [FOLDER]

JupyterLite, Pyodide and all packages are files of the site: it works on any static host, and with
no other address. WHEELS is the folder of the wheels that lite/requirements.lock names.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from loopcheck.lab.workbook import copies

ROOT = Path(__file__).resolve().parents[1]
LITE = ROOT / "lite"
CORE = LITE / "node_modules" / "pyodide"
CORE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
KERNEL = "@jupyterlite/pyodide-kernel-extension"
# What builds the site; the rest runs in it.
TOOLS = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "doit", "pkginfo", "opentelemetry_api")
# In the tab before the first cell. All else comes when a cell imports it.
FIRST = (
    *("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"),
    *("loopcheck", "pytest", "pytest-asyncio", "ipytest", "valkey", "fakeredis"),
)
LATER = ("prometheus-client", "nest-asyncio", "httpx", "fastapi", "sqlalchemy", "aiosqlite")
NOTE = """\
**This lesson needs a real Python.** {why} You can read it here, with the outputs of a real run.
To run it, there are three ways:

1. `pip install "loopcheck[workbook]"`, then `loopcheck lab`
2. the *Binder* link of the project's page
3. a clone of the project: `make lab`
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheels", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "build" / "lite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        build(given.wheels, given.folder, Path(name))
    size = sum(file.stat().st_size for file in given.folder.rglob("*") if file.is_file())
    print(f"{given.folder}: {size / 1e6:.0f} MB. Try it: python -m http.server -d {given.folder}")


def build(wheels: Path, site: Path, scratch: Path) -> None:
    """Build the site with what is in *wheels*, and the lessons of this checkout."""
    wheels = wheels.resolve()
    shutil.rmtree(site, ignore_errors=True)
    source, tools = scratch / "source", scratch / "tools"
    write_lessons(source / "files")
    (source / "jupyter-lite.json").write_text(json.dumps(settings()), encoding="utf-8")
    for wheel in wheels.glob("*.whl"):
        if wheel.name.startswith(TOOLS):
            unpack(wheel, tools)
    [kernel] = wheels.glob("jupyterlite_pyodide_kernel-*.whl")
    # Only this extension: those of the environment that builds need a server.
    config = {"federated_extensions": [str(kernel)], "ignore_sys_prefix": ["federated_extensions"]}
    (source / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": config}))
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    command += ["--lite-dir", str(source), "--output-dir", str(site), "--apps", "lab"]
    command += ["--contents", str(source / "files"), "--no-unused-shared-packages"]
    paths = os.pathsep.join(filter(None, (str(tools), os.environ.get("PYTHONPATH"))))
    env = os.environ | {"PYTHONPATH": paths}
    subprocess.run(command, cwd=source, env=env, check=True, stdout=subprocess.DEVNULL)
    add_python(site, wheels, scratch)
    for unread in site.rglob("*.map"):
        unread.unlink()


def unpack(wheel: Path, target: Path) -> None:
    """Unpack *wheel* as an installer does, its data files included."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    for data in target.glob("*.data/data"):
        shutil.copytree(data, target, dirs_exist_ok=True)


def write_lessons(target: Path) -> None:
    """Write the lessons as a learner gets them; one that can't run keeps its outputs."""
    lacking: dict[str, str] = tomllib.loads((LITE / "lessons.toml").read_text(encoding="utf-8"))
    target.mkdir(parents=True)
    for file in sorted(copies.lessons().glob("*.ipynb")):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        why = lacking.get(file.stem)
        if why is None:
            notebook = copies.without_outputs(notebook)
        else:
            said = NOTE.format(why=why).splitlines(keepends=True)
            cell = {"cell_type": "markdown", "id": "lite-note", "metadata": {}, "source": said}
            notebook["cells"].insert(0, cell)
        if imports := needed(notebook):
            code: dict[str, Any] = {"cell_type": "code", "id": "lite-packages", "metadata": {}}
            code |= {"outputs": [], "execution_count": None}
            code["source"] = [f"import {', '.join(imports)}"]
            notebook["cells"].insert(0, code)
        kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
        notebook["metadata"]["kernelspec"] = kernel
        (target / file.name).write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    for name in copies.BESIDE:  # without them pytest would warn in every run
        shutil.copy(copies.lessons() / name, target)


def needed(notebook: dict[str, Any]) -> list[str]:
    """Return the packages that a lesson's projects import: the kernel only sees a cell's own."""
    text = "\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code")
    names = [name.replace("-", "_") for name in LATER]
    return [one for one in names if re.search(rf"^\s*(?:import|from) {one}\b", text, re.MULTILINE)]


def settings() -> dict[str, object]:
    """Return JupyterLite's settings: everything from this site, progress kept in the browser."""
    home = PurePosixPath("/", "home", "pyodide")  # of Pyodide's own file system
    variables = {"HOME": str(home), "LOOPCHECK_HOME": "/drive/.loopcheck"}
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": [*FIRST], "env": variables},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "loopcheck",
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        },
    }


def add_python(site: Path, wheels: Path, scratch: Path) -> None:
    """Add Pyodide, all wheels, and the lock from which it installs them."""
    target = site / "static" / "pyodide"
    target.mkdir(parents=True)
    for name in CORE_FILES:
        shutil.copy(CORE / name, target)
    build = ("-m", "build", "--wheel", "--no-isolation", "--skip-dependency-check", "--outdir")
    ours = scratch / "ours"
    subprocess.run([sys.executable, *build, ours, ROOT], check=True, stdout=subprocess.DEVNULL)
    extensions = site / "extensions" / KERNEL / "static" / "pypi"
    files = [*wheels.glob("*.whl"), *ours.glob("*.whl"), *extensions.glob("*.whl")]
    packages = {}
    for wheel in files:
        if wheel.name.startswith((*TOOLS, "widgetsnbextension")):
            continue
        shutil.copy(wheel, target)
        found = package(wheel)
        packages[str(found["name"])] = found
    for one in packages.values():
        one["depends"] = sorted(name for name in one["depends"] if name in packages)
    known = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))
    known["packages"] = packages
    (target / "pyodide-lock.json").write_text(json.dumps(known), encoding="utf-8")


def package(wheel: Path) -> dict[str, Any]:
    """Return the entry of *wheel* in a lock of Pyodide's."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [file] = [name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        said = Parser().parsestr(archive.read(file).decode("utf-8"))
    tops = {name.partition("/")[0].removesuffix(".py") for name in names if name.endswith(".py")}
    marks = {"extra": "", "sys_platform": "emscripten", "platform_system": "Emscripten"}
    marks |= {"python_version": "3.14", "python_full_version": "3.14.2"}
    asked = [Requirement(text) for text in said.get_all("Requires-Dist", [])]
    wanted = [one for one in asked if one.marker is None or one.marker.evaluate(marks)]
    return {
        "name": canonicalize_name(said["Name"]),
        "version": said["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(top for top in tops if top.isidentifier()),
        "depends": [canonicalize_name(one.name) for one in wanted],
        "unvendored_tests": False,
    }


if __name__ == "__main__":
    main()
