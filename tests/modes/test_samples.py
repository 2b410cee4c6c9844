"""Every sample is named as it declares, or left alone as it declares. Real pytest, real servers."""

import pytest

import golden
from samples import ADDRESS, Bench, Sample, collect, complaints

KNOWN = golden.stored()
BAD = [sample for sample in collect() if sample.marks]
OTHERS = [sample for sample in collect() if not sample.marks]


@pytest.mark.parametrize("sample", BAD, ids=lambda sample: sample.id)
def test_the_object_and_the_line_to_change_are_named(sample: Sample, sample_servers: Bench) -> None:
    without, seen = sample_servers.run(sample)
    assert not complaints(sample, without, seen), f"{without.output}\n{seen.output}"
    assert not golden.changes(sample, seen, KNOWN)


@pytest.mark.parametrize("sample", OTHERS, ids=lambda sample: sample.id)
def test_what_is_no_mismatch_is_not_called_one(sample: Sample, sample_servers: Bench) -> None:
    without, seen = sample_servers.run(sample)
    assert not complaints(sample, without, seen), f"{without.output}\n{seen.output}"
    assert not golden.changes(sample, seen, KNOWN)


def test_every_bad_sample_marks_a_line_and_says_a_name() -> None:
    silent = [sample.id for sample in collect() if sample.path.name.startswith("bad")]
    told = [sample.id for sample in BAD if sample.names]
    assert sorted(silent) == sorted(told)


def test_forty_plain_failures_are_left_alone(sample_servers: Bench) -> None:
    plain = [sample_servers.run(sample)[0].failures for sample in collect("plain")]
    assert sum(plain) >= 40


def test_a_folder_with_an_odd_name_is_no_address() -> None:
    assert not ADDRESS.search("The socket `/tmp/tmp70xz3eb_/run/relay.sock` does not exist")
    assert not ADDRESS.search("The socket `/tmp/tmp70x3eb1_/run/relay.sock` does not exist")
    assert ADDRESS.search("<Lock object at 0x7febddb5c190> is bound to another loop")
