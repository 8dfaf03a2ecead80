"""A whole check over HTTP: what an outage, a fault and an odd DOI do to the report."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import refcheck
from refcheck.model import DoiStatus, Verdict
from refcheck.sources import AnswerCache, Crossref
from tests.sources.times import FakeTime
from tests.standin import ALL_FAULTS, CrossrefStandin, each, share
from tests.standin.works import SERIES

Start = Callable[..., CrossrefStandin]

TIDAL = (
    "Nordahl A, Lindqvist B. Tidal mixing in sheltered fjords. Journal of Invented Oceanography. 2019;12(3):101-118."
)
STUDIES = [
    f"Sims R. {r['title'][0]}. Serial Studies. {r['issued']['date-parts'][0][0]};{r['volume']}:{r['page']}."
    for r in SERIES[:30]
]


def check(server: CrossrefStandin, references: list[str], **options: object) -> refcheck.Report:
    time = FakeTime()
    client = Crossref(
        server.url, "editor@example.org", rate_limit=False, clock=time.now, sleep=time.sleep, **options  # type: ignore[arg-type]
    )  # fmt: skip
    return refcheck.check(references, sources=[client])


def test_a_clean_reference_is_matched_and_clean(standin: Start) -> None:
    report = check(standin(), [f"{TIDAL} doi:10.5555/tidal.2019"])
    assert [m.verdict for m in report.matches] == [Verdict.MATCHED]
    assert report.matches[0].work is not None
    assert report.matches[0].work.doi == "10.5555/tidal.2019"
    assert [f.code for f in report.findings if f.severity != "note"] == []
    assert report.enquiries[0].requests == 1


def test_an_alias_is_the_same_work(standin: Start) -> None:
    report = check(standin(), [f"{TIDAL} doi:10.5555/old.tidal"])
    assert report.matches[0].doi_status is DoiStatus.AGREES


@pytest.mark.parametrize("fault", ["503", "drop", "html-200", "429-bare", "403", "truncated", "html-404"])
def test_an_outage_leaves_references_unchecked(standin: Start, fault: str) -> None:
    report = check(standin(plan=each(fault)), [f"{TIDAL} doi:10.5555/pub.88", *STUDIES[:3]])
    assert {m.verdict for m in report.matches} == {Verdict.UNCHECKED}
    assert not {f.code for f in report.findings} & {"REF201", "REF202", "REF203"}
    assert report.enquiries[0].failed > 0


def test_faults_change_nothing_in_the_report(standin: Start) -> None:
    clean = check(standin(), [TIDAL, *STUDIES])
    kinds = [k for k in ALL_FAULTS if k != "slow"]
    faulty = check(standin(plan=share(0.2, kinds, seed=3)), [TIDAL, *STUDIES])
    assert faulty.matches == clean.matches
    assert faulty.findings == clean.findings


@pytest.mark.parametrize(
    ("doi", "status"),
    [
        ("10.5555/nothing", DoiStatus.UNKNOWN),
        ("10.5281/zenodo.1", DoiStatus.UNCHECKED),  # DataCite has it, and DataCite was not asked
        ("10.5555/soon", DoiStatus.UNCHECKED),
        ("10.5555/pub.88", DoiStatus.ELSEWHERE),
    ],
)
def test_what_becomes_of_a_printed_doi(standin: Start, doi: str, status: DoiStatus) -> None:
    [match] = check(standin(), [f"{TIDAL} doi:{doi}"]).matches
    assert match.verdict is Verdict.MATCHED
    assert match.doi_status is status


def test_the_second_run_asks_nothing(standin: Start, tmp_path: object) -> None:
    server = standin()
    references = [f"{TIDAL} doi:10.5555/old.tidal", *STUDIES, "Nobody N. No such work at all. Nowhere. 1999;1:1."]
    first = check(server, references, cache=AnswerCache(str(tmp_path)))
    asked = server.requests
    second = check(server, references, cache=AnswerCache(str(tmp_path)))
    assert server.requests == asked
    assert second.matches == first.matches
    assert second.enquiries[0].requests == 0
