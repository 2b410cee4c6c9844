"""LC501: it names the metric, who registered it first, and who did it again."""

from dataclasses import replace

from loopcheck.modes.finding import Finding
from loopcheck.modes.stores.lc501_duplicate_metric import detect
from loopcheck.modes.stores.lc501_duplicate_metric.evidence import find_duplicate_metric
from loopcheck.records import ErrorRecord, Evidence, Place, TwiceRegistered

LINE, TEST = Place("shop/client.py", 8, "__init__"), Place("tests/conftest.py", 5, "client")
AGAIN = TwiceRegistered(
    name="calls_total",
    type="prometheus_client.metrics.Counter",
    again=LINE,
    how="line again",
    first=LINE,
    called_at=TEST,
)

ERROR = ErrorRecord(
    type="ValueError",
    message="",
    module="prometheus_client.registry",
    function="register",
    raised="other",
    owner="library",
)


def case(seen: TwiceRegistered) -> Evidence:
    return Evidence.knowing({find_duplicate_metric: seen}, errors=(ERROR,))


def found(metric: TwiceRegistered) -> Finding:
    [one] = detect(case(metric))
    return one


def test_a_line_that_runs_twice_is_the_one_to_change() -> None:
    said = found(replace(AGAIN, before=Place("shop/web.py", 30, "<module>")))
    assert (said.certainty, said.where, said.made_at, said.used_at) == ("certain", LINE, LINE, LINE)
    assert said.what == (
        "shop/client.py:8 registers the Counter `calls_total` a second time, for `client` at"
        " tests/conftest.py:5, after doing so for shop/web.py:30."
    )


def test_two_lines_are_both_named() -> None:
    other = Place("shop/mails.py", 3)
    said = found(replace(AGAIN, how="two lines", first=other, other="calls"))
    assert (said.where, said.made_at) == (LINE, other)
    assert "shop/mails.py:3 already registered `calls`" in said.what
    assert "`x_total`" in said.why


def test_an_import_under_a_second_name_is_the_line_to_change() -> None:
    names = ("src.shop.client", "shop.client")
    said = found(replace(AGAIN, how="imported again", modules=names))
    assert said.where == TEST
    assert "loaded as `shop.client`" in said.why
    assert said.fix == "Import it under one name everywhere: `shop.client`."


def test_a_reload_is_the_line_to_change() -> None:
    said = found(replace(AGAIN, how="reloaded"))
    assert said.where == TEST
    assert "monkeypatch" in said.fix


def test_what_is_not_known_is_not_said() -> None:
    said = found(replace(AGAIN, how="unknown", first=None, called_at=None))
    assert said.what.endswith("but a metric of that name already exists.")
    assert said.made_at is None


def test_a_registry_without_a_name_is_given_none() -> None:
    assert found(AGAIN).why.startswith("The library's registry keeps")
    assert found(replace(AGAIN, registry="mine")).why.startswith("The registry `mine` keeps")
    assert found(replace(AGAIN, registry="")).why.startswith("Its registry keeps")


def test_without_a_refused_metric_nothing_is_said() -> None:
    assert not list(detect(Evidence()))
