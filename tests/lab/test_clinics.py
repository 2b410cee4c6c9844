"""The clinics: what their keys say is what loopcheck sees, and `%diagnose` judges by it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.error import UsageError

import loopcheck.servers
from loopcheck.case import journal
from loopcheck.lab import clinics
from loopcheck.lab.clinic import HEALTHY, Clinic, Patient
from loopcheck.lab.diagnosis import NoSuchPlace, judge
from loopcheck.lab.learner import progress
from loopcheck.lab.magics.clinics import ClinicMagics
from loopcheck.lab.projects import pytest_child
from loopcheck.lab.projects.project_files import Projects, files_in, write_files
from loopcheck.modes import catalogue
from loopcheck.modes.finding import Finding

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CLINICS = clinics.all_clinics()
PATIENTS = {one.project: (clinic, one) for clinic in CLINICS for one in clinic.patients}


def code_cells(clinic: Clinic) -> list[str]:
    notebook = json.loads((NOTEBOOKS / f"{clinic.stem}.ipynb").read_text(encoding="utf-8"))
    return ["".join(one["source"]) for one in notebook["cells"] if one["cell_type"] == "code"]


def files_of(clinic: Clinic, patient: Patient) -> dict[str, str]:
    [cell] = [c for c in code_cells(clinic) if c.startswith(f"%%project {patient.project}\n")]
    return files_in(cell.partition("\n")[2])


def written(name: str, folder: Path) -> Patient:
    clinic, patient = PATIENTS[name]
    write_files(folder, files_of(clinic, patient))
    return patient


def test_each_clinic_has_its_notebook_and_key() -> None:
    books = sorted(path.stem for path in NOTEBOOKS.glob("8*_clinic_*.ipynb"))
    assert [clinic.stem for clinic in CLINICS] == books
    assert sorted(stem.partition("_")[2] for stem in books) == clinics.names()


@pytest.mark.parametrize("clinic", CLINICS, ids=lambda one: one.stem)
def test_a_notebook_holds_its_projects_and_gives_no_answer(clinic: Clinic) -> None:
    wanted = ["%load_ext loopcheck.lab"]  # and what starts a server, in the same cell
    for one in clinic.patients:
        limit = " --seconds 10" if one.hangs else ""
        wanted += [f"%%project {one.project}", f"%pytest {one.project} --unexplained{limit}"]
        wanted += [f"%diagnose {one.project}"]
    assert [cell.partition("\n")[0] for cell in code_cells(clinic)] == wanted
    assert len(clinic.patients) == (7 if clinic.stem == "86_clinic_seven" else 5)
    assert HEALTHY in [one.answer for one in clinic.patients]


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    server = loopcheck.servers.start_valkey()
    yield server.url
    server.stop()


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("name", PATIENTS)
def test_loopcheck_sees_what_the_key_says(
    name: str, tmp_path: Path, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALKEY_URL", valkey)
    folder = tmp_path / name
    folder.mkdir()
    patient = written(name, folder)
    options = ["--loopcheck-hang=1"] if patient.hangs else []
    pytest_child.run(folder, options, seconds=30, say=lambda text: None)
    run = journal.last()
    assert run is not None
    found = [one for one in run.findings if isinstance(one, Finding)]
    if patient.answer == HEALTHY:
        assert found == []
        return
    assert {one.code for one in found} == {patient.answer}
    place = found[0].where
    assert place is not None
    opinion = judge(patient, patient.answer, f"{place.file}:{place.line}", folder)
    assert opinion.right, opinion.said


@pytest.mark.parametrize("name", PATIENTS)
def test_the_key_names_lines_of_its_project(name: str, tmp_path: Path) -> None:
    patient = written(name, tmp_path)
    assert bool(patient.places) == (patient.answer != HEALTHY)
    for file, words in patient.places:
        assert words in [line.strip() for line in (tmp_path / file).read_text().splitlines()]


@pytest.mark.parametrize("name", PATIENTS)
def test_a_wrong_answer_hears_the_difference_and_not_the_answer(name: str, tmp_path: Path) -> None:
    patient = written(name, tmp_path)
    assert len(patient.not_this) >= 2
    for answer in {*patient.not_this, *catalogue.codes(), HEALTHY} - {patient.answer}:
        assert answer == HEALTHY or answer in catalogue.codes()
        opinion = judge(patient, answer, None, tmp_path)
        assert not opinion.right
        mode = catalogue.find(patient.answer)
        assert mode is None or not {mode.code, mode.slug} & set(opinion.said.split())


@pytest.mark.parametrize(
    ("place", "right"),
    [
        ("conftest.py:6", True),  # its decorator
        ("conftest.py:7", True),  # its `def`
        ("./conftest.py:7", True),
        ("conftest.py:8", False),  # its body
        ("test_newsroom.py:6", True),  # the mark of a test
        ("newsroom.py:11", False),
    ],
)
def test_a_line_counts_with_its_whole_statement(place: str, right: bool, tmp_path: Path) -> None:
    patient = written("newsroom", tmp_path)
    opinion = judge(patient, "LC106", place, tmp_path)
    assert opinion.right == right
    assert right or "It is LC106 scope-mismatch" in opinion.said


@pytest.mark.parametrize(
    ("place", "there"), [("conftest.py:8", "`desk = Desk()`"), ("conftest.py:2", "an empty line")]
)
def test_another_line_is_shown_so_that_a_wrong_count_is_seen(
    place: str, there: str, tmp_path: Path
) -> None:
    patient = written("newsroom", tmp_path)
    said = judge(patient, "LC106", place, tmp_path).said
    assert f"{place} is {there}: another line has to change." in said


@pytest.mark.parametrize(
    "place", ["nowhere.py:1", "conftest.py", "conftest.py:0", "conftest.py:99"]
)
def test_a_place_that_is_not_there_is_told(place: str, tmp_path: Path) -> None:
    patient = written("newsroom", tmp_path)
    with pytest.raises(
        NoSuchPlace, match=r"no line of this project's code\. Name one|has the lines 1 to 11"
    ):
        judge(patient, "LC106", place, tmp_path)


@pytest.fixture
def magics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClinicMagics]:
    monkeypatch.setenv("LOOPCHECK_HOME", str(tmp_path / "home"))
    projects = Projects()
    yield ClinicMagics(projects)
    projects.close()


def test_a_project_is_open_until_it_is_diagnosed(
    magics: ClinicMagics, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(line: str) -> str:
        magics.diagnose(line)
        return " ".join(capsys.readouterr().out.split())

    clinic = CLINICS[0]
    for one in clinic.patients:
        magics.projects.write(one.project, files_of(clinic, one))
    assert said("parcels").startswith("parcels is open.")
    assert said("parcels LC101").startswith("✗ parcels does not have LC101 loop-closed.")
    assert said("bakery LC203").startswith("… It is LC203 hang. Which line do you have to change?")
    assert said("bakery hang bakery.py:17").startswith("✓ bakery: LC203 hang, bakery.py:17.")
    assert said("bakery") == "bakery: you found LC203 bakery.py:17."
    assert "Open in clinic one: boxoffice, ferry, lighthouse." in said("parcels healthy")
    said("boxoffice LC202 test_box_office.py:20")
    said("ferry LC101 ferry.py:21")
    assert said("lighthouse LC102 lighthouse.py:10").endswith("All of clinic one found.")
    kept = (progress.read(clinic.stem)[0].passed or "").splitlines()
    assert kept[0] == "bakery LC203 bakery.py:17"
    assert len(kept) == 5


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "it needs PROJECT"),
        ("bakry", "no project `bakry` in the clinics: .* Did you mean bakery"),
        ("bakery", "Run the cell that begins with %%project bakery first"),
        ("ferry LC999", "no mode `LC999`: a code as in LC106, or healthy"),
        ("ferry helthy", "Did you mean healthy"),
        (
            "ferry LC101 x.py:3",
            "`x.py:3` is no line of this project's code. Name one as FILE:LINE, with one of "
            "ferry.py",
        ),
    ],
)
def test_a_wrong_line_is_answered_in_one_line(magics: ClinicMagics, line: str, told: str) -> None:
    magics.projects.write("ferry", {"ferry.py": "x = 1\n"})
    with pytest.raises(UsageError, match=told) as caught:
        magics.diagnose(line)
    assert "\n" not in str(caught.value)
