"""Completion: the shells that are here are asked for real; what follows a word is told."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from loopcheck.cli import main, shells

FISH = "complete --do-complete='loopcheck {line}'"
BASH = """
{script}
COMP_WORDS=(loopcheck {line} "")
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_loopcheck
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def following(capsys: pytest.CaptureFixture[str], *before: str) -> list[str]:
    assert main.main(["--complete", *before]) == 0
    return capsys.readouterr().out.split()


def test_what_may_follow_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(main.COMMANDS) < set(following(capsys))
    assert {"LC102", "loop-mismatch", "--all"} <= set(following(capsys, "explain"))
    assert "--lesson" in following(capsys, "lab")
    assert "--lesson" not in following(capsys, "lab", "--lesson", "LC102")
    assert following(capsys, "lab", "--lesson")[:2] == ["LC101", "loop-closed"]
    assert following(capsys, "completion") == list(shells.SCRIPTS)


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_tells_its_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in following(capsys, name, "a-word")


def test_another_shell_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["completion", "csh"]) == main.WRONG_INPUT
    assert capsys.readouterr().err.startswith("loopcheck: No shell `csh`")


@pytest.mark.parametrize(
    ("shell", "code"),
    [
        ("bash", BASH),
        ("fish", "{script}\n" + FISH),
        ("zsh", "{script}\necho $+functions[_loopcheck]"),
    ],
)
def test_the_script_works_in_the_shell(shell: str, code: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    command = tmp_path / "loopcheck"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m loopcheck "$@"\n')
    command.chmod(0o755)
    done = subprocess.run(
        [shell, "-c", code.format(script=shells.SCRIPTS[shell], line="lab ")],
        env=os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ("1" if shell == "zsh" else "--lesson") in done.stdout.split(), done.stderr
