"""Every sample is named as it declares, or left alone as it declares. Real pytest, real servers."""

import pytest

import golden
from samples import ADDRESS, Bench, Sample, collect, complaints

KNOWN, ENDED = golden.stored(), golden.stored_outcomes()
BAD = [sample for sample in collect() if sample.marks]
OTHERS = [sample for sample in collect() if not sample.marks]


@pytest.mark.parametrize("sample", BAD, ids=lambda sample: sample.id)
def test_the_object_and_the_line_to_change_are_named(sample: Sample, sample_servers: Bench) -> None:
    check(sample, sample_servers)


@pytest.mark.parametrize("sample", OTHERS, ids=lambda sample: sample.id)
def test_what_is_no_mismatch_is_not_called_one(sample: Sample, sample_servers: Bench) -> None:
    check(sample, sample_servers)


def check(sample: Sample, servers: Bench) -> None:
    seen = servers.look(sample)
    without = golden.without(sample, seen, ENDED, servers)
    assert not complaints(sample, without, seen), f"{without.output}\n{seen.output}"
    assert not golden.changes(sample, seen, KNOWN)


def test_every_bad_sample_marks_a_line_and_says_a_name() -> None:
    silent = [sample.id for sample in collect() if sample.path.name.startswith("bad")]
    told = [sample.id for sample in BAD if sample.names]
    assert sorted(silent) == sorted(told)


def test_forty_plain_failures_are_left_alone(sample_servers: Bench) -> None:
    plain = [sample_servers.look(sample).failures for sample in collect("plain")]
    assert sum(plain) >= 40


def test_an_outcome_that_is_stored_wrongly_is_not_believed(sample_servers: Bench) -> None:
    sample = next(one for one in collect("plain") if not golden.is_run_each_time(one))
    seen = sample_servers.look(sample)
    wrong: golden.Ended = (0, [[test, "passed"] for test, _ in seen.outcomes])
    right: golden.Ended = (seen.code, [[test, how] for test, how in seen.outcomes])
    for stored, is_run in (wrong, True), (right, False):
        without = golden.without(sample, seen, {sample.id: stored}, sample_servers)
        assert (without.code, without.outcomes) == (seen.code, seen.outcomes)
        assert (sample.path.name in without.output) == is_run


def test_a_folder_with_an_odd_name_is_no_address() -> None:
    assert not ADDRESS.search("The socket `/tmp/tmp70xz3eb_/run/relay.sock` does not exist")
    assert not ADDRESS.search("The socket `/tmp/tmp70x3eb1_/run/relay.sock` does not exist")
    assert ADDRESS.search("<Lock object at 0x7febddb5c190> is bound to another loop")
