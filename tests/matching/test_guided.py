"""Cases in which the blind reading is mistaken, or the text damaged, and the guided reading sets it right."""

from __future__ import annotations

import pytest

import refcheck
from refcheck.model import Severity
from refcheck.sources import LocalRecords

RECORDS = LocalRecords(
    [
        {
            "DOI": "10.5555/j.image.2006.09.046",
            "type": "journal-article",
            "title": ["Sequence of processing between cortex and amygdala: effects of TCR vβ and IkappaBalpha"],
            "container-title": ["Hepatology"],
            "author": [{"family": "Ghash", "given": "Hana"}, {"family": "Barbas", "given": "Helen"}],
            "issued": {"date-parts": [[2007]]},
            "volume": "34",
            "page": "905-923",
            "publisher": "Wiley-Blackwell",
        }
    ]
)
ENTRY = (
    "Ghash H, Barbas H. Sequence of processing between cortex and amygdala: effects of TCR vβ and IkappaBalpha. "
    "Hepatology 2007;34:905-923."
)


def alarms(entry: str) -> list[tuple[str, str]]:
    report = refcheck.check([entry], sources=[RECORDS])
    return [(f.code, f.printed) for f in report.findings if f.severity is not Severity.NOTE]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ((" vβ", " v"), "a Greek letter that extraction has lost"),
        (("923.", "923. (doi:10.5555/j. \nimage.2006.09.046)"), "a DOI broken after a full stop"),
        (("923.", "923. doi:10.5555/j.image.2006.09.046ER"), "a word run into the DOI"),
        (("923.", "923. doi:10.5555/j.image.2006.09.046."), "a full stop after the DOI"),
        (("Hepatology 2007", "Hepatology. Wiley-Blackwell; 2007"), "the publisher after the journal"),
        (("905-923", "905-9232007"), "the year run into the pages"),
        (("905-923", "905–23"), "an elided range"),
        (("cortex and", "cor-\ntex and"), "a hyphen at a line end"),
        (("Ghash H, ", "GhashH., "), "initials run into the surname"),
        ((" 2007;34:905-923", "200734905923"), "year, volume and pages run together"),
        ((" 2007;34:905-923", " 2007;34905"), "volume and page run together"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_damage_is_no_alarm(damage: tuple[str, str], why: str) -> None:
    assert damage[0] in ENTRY
    assert alarms(ENTRY.replace(*damage)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("vβ", "vα"), "REF301"),
        (("34:", "43:"), "REF305"),
        (("905-923", "995-923"), "REF307"),
        (("905-923", "509-905"), "REF307"),  # the recorded first page stands last
        (("2007", "2017"), "REF303"),
        (("Hepatology", "Hepatitis Monthly"), "REF304"),
        (("Ghash", "Gnash"), "REF302"),
        (("923.", "923. doi:10.5555/j.image.2006.09.0467"), "REF202"),
    ],
)
def test_a_change_is(change: tuple[str, str], code: str) -> None:
    assert change[0] in ENTRY
    assert [c for c, _ in alarms(ENTRY.replace(*change, 1))] == [code]


BY_YEAR = LocalRecords(
    [
        {
            "DOI": "10.5555/geo.2019.1",
            "type": "journal-article",
            "title": ["Seepage of brines through fractured granite under cyclic load"],
            "container-title": ["Geofluids"],
            "author": [{"family": "Cao", "given": "Zhen"}, {"family": "Liu", "given": "Bo"}],
            "issued": {"date-parts": [[2019]]},
            "volume": "2019",
            "page": "1-12",
        }
    ]
)
TITLE = "Cao Z, Liu B. Seepage of brines through fractured granite under cyclic load. Geofluids"


@pytest.mark.parametrize(
    ("entry", "alarm"),
    [
        (f"{TITLE} 2019;2019:1-12.", []),
        (f"{TITLE} 2019, 1-12.", []),
        (f"{TITLE} 2019, 2091, 1-12.", [("REF305", "2091")]),
        (f"{TITLE}, vol. 2019, pp. 1-12, 2014.", [("REF303", "2014")]),
        (f"{TITLE}, vol. 2019, pp. 1-12, 2018.", []),  # one year apart: a note
    ],
)
def test_a_volume_numbered_by_its_year(entry: str, alarm: list[tuple[str, str]]) -> None:
    report = refcheck.check([entry], sources=[BY_YEAR])
    assert [(f.code, f.printed) for f in report.findings if f.severity is not Severity.NOTE] == alarm


@pytest.mark.parametrize(
    ("pages", "alarm"),
    [
        ("10, 213–10, 231", []),
        ("10,213-10,231", []),
        ("10, 213", []),
        ("80, 213–10, 231", [("REF307", "80, 213–10, 231")]),
        ("12,213-10,231", [("REF307", "12,213-10,231")]),
    ],
)
@pytest.mark.parametrize("before", ["119", "119(17)"])
def test_pages_with_thousands_separators(before: str, pages: str, alarm: list[tuple[str, str]]) -> None:
    record = {
        "DOI": "10.5555/2014jd021866",
        "type": "journal-article",
        "title": ["Night lights and the burden of aerosols over growing cities"],
        "container-title": ["Journal of Geophysical Research: Atmospheres"],
        "author": [{"family": "Song", "given": "Yan"}, {"family": "Baugh", "given": "Karen"}],
        "issued": {"date-parts": [[2014]]},
        "volume": "119",
        "issue": "17",
        "page": "10,213-10,231",
    }
    entry = (
        "Song Y, Baugh K. Night lights and the burden of aerosols over growing cities. "
        f"J. Geophys. Res. Atmos., 2014, {before}, {pages}."
    )
    report = refcheck.check([entry], sources=[LocalRecords([record])])
    assert [(f.code, f.printed) for f in report.findings if f.severity is not Severity.NOTE] == alarm


@pytest.mark.parametrize(
    ("pages", "alarm"),
    [("9,992-10,005", []), ("9992−10, 005", []), ("9992-10005", []), ("9982−10, 005", [("REF307", "9982-10005")])],
)
def test_a_thousands_separator_on_the_last_page_only(pages: str, alarm: list[tuple[str, str]]) -> None:
    record = {
        "DOI": "10.5555/2014ja020391",
        "type": "journal-article",
        "title": ["Outflow of ions in the wake of an unmagnetised moon"],
        "container-title": ["Journal of Geophysical Research: Space Physics"],
        "author": [{"family": "Romano", "given": "Nora"}, {"family": "Modolo", "given": "Rita"}],
        "issued": {"date-parts": [[2014]]},
        "volume": "119",
        "page": "9992-10,005",
    }
    entry = (
        "Romano, N., Modolo, R.: Outflow of ions in the wake of an unmagnetised moon. "
        f"J. Geophys. Res. Space Physics 119, {pages} (2014)"
    )
    report = refcheck.check([entry], sources=[LocalRecords([record])])
    assert [(f.code, f.printed) for f in report.findings if f.severity is not Severity.NOTE] == alarm


def test_a_journal_is_read_with_the_word_that_was_put_to_the_title() -> None:
    record = {
        "DOI": "10.5555/flies.1",
        "type": "journal-article",
        "title": ["Sterilants as control agents of flies in field trials"],
        "container-title": ["Bulletin of Entomological Research"],
        "author": [{"family": "Navarro", "given": "Vera"}, {"family": "Sanchis", "given": "Jaime"}],
        "issued": {"date-parts": [[2007]]},
        "volume": "97",
        "page": "359-368",
    }
    glued = "Navarro VSanchis JSterilants as control agents of flies in field trialsBull Entomol Res200797359368"
    apart = "Navarro V, Sanchis J. Sterilants as control agents of flies in field trials. Entomol Rev 2007;97:359."
    for entry, wanted in ((glued, []), (apart, ["REF304"])):
        report = refcheck.check([entry], sources=[LocalRecords([record])])
        assert [f.code for f in report.findings if f.severity is not Severity.NOTE] == wanted


@pytest.mark.parametrize(
    ("issue", "alarm"),
    [("2/3", []), ("2-3", []), ("3", []), ("3/3", [("REF306", "3/3")]), ("5", [("REF306", "5")])],
)
def test_a_double_issue(issue: str, alarm: list[tuple[str, str]]) -> None:
    record = {
        "DOI": "10.5555/fish.1",
        "type": "journal-article",
        "title": ["Surveillance of drug-resistant strains in fish"],
        "container-title": ["Fish Pathology"],
        "author": [{"family": "Takashi", "given": "Nao"}],
        "issued": {"date-parts": [[1985]]},
        "volume": "20",
        "issue": "2/3",
        "page": "209-217",
    }
    entry = f"Takashi N. Surveillance of drug-resistant strains in fish. Fish Pathology. 1985;20({issue}):209-217."
    report = refcheck.check([entry], sources=[LocalRecords([record])])
    assert [(f.code, f.printed) for f in report.findings if f.severity is not Severity.NOTE] == alarm


REPORTS = LocalRecords(
    [
        {
            "DOI": "10.5555/report.10",
            "type": "report",
            "title": ["Study of shale and water. Progress report No. 10, July 1--September 30, 1978"],
            "author": [{"family": "Schettler", "given": "P. D."}],
            "issued": {"date-parts": [[1978]]},
        },
        {
            "DOI": "10.5555/comment.1",
            "type": "journal-article",
            "title": ["A peroxo intermediate in the cycle of methane J. Made Chem. Soc. 1995, 117, 4997−4998"],
            "container-title": ["Journal of the Made Chemical Society"],
            "author": [{"family": "Liu", "given": "Katherine"}, {"family": "Valentine", "given": "Ann"}],
            "issued": {"date-parts": [[1997]]},
            "volume": "119",
            "page": "11134-11135",
        },
    ]
)


@pytest.mark.parametrize(
    ("entry", "doi", "alarm"),
    [
        (
            "Schettler PD. Study of shale and water. Progress report No. 10, July 1--September 30, 1978. 1978.",
            "10.5555/report.10",
            [],
        ),
        (
            "Liu K, Valentine A. A peroxo intermediate in the cycle of methane J. Made Chem. Soc. 1995, 117, 4997−4998."
            " J Made Chem Soc 1997;119:11134-5.",
            "10.5555/comment.1",
            [],
        ),
        (
            "Liu K, Valentine A. A peroxo intermediate in the cycle of methane J. Made Chem. Soc. 1995, 117, 4997−4998."
            " J Made Chem Soc 1997;119:11184-5.",
            "10.5555/comment.1",
            [("REF307", "11184-5")],
        ),
    ],
)
def test_journals_and_numbers_within_a_title_are_its_own(entry: str, doi: str, alarm: list[tuple[str, str]]) -> None:
    report = refcheck.check([entry], sources=[REPORTS])
    work = report.matches[0].work
    assert work is not None
    assert work.doi == doi
    assert [(f.code, f.printed) for f in report.findings if f.severity is not Severity.NOTE] == alarm


@pytest.mark.parametrize(
    ("printed", "alarms"),
    [
        ("StudentBodies™ for eating disorders", []),
        ("StudentBodies for eating disorders", []),
        ("StudentHobbies™ for eating disorders", ["REF301"]),
    ],
)
def test_a_trademark_sign_is_no_word(printed: str, alarms: list[str]) -> None:
    record = {
        "DOI": "10.5555/invent.1",
        "type": "journal-article",
        "title": ["Participant adherence to the online programme StudentBodies™ for eating disorders"],
        "container-title": ["Internet Interventions"],
        "author": [{"family": "Beintner", "given": "Ina"}],
        "issued": {"date-parts": [[2014]]},
        "volume": "1",
        "page": "26-32",
    }
    entry = f"Beintner I. Participant adherence to the online programme {printed}. Internet Interventions 2014;1:26-32."
    report = refcheck.check([entry], sources=[LocalRecords([record])])
    assert [f.code for f in report.findings if f.severity is not Severity.NOTE] == alarms


STRAYS = LocalRecords(
    [
        {
            "DOI": "10.5555/strays.1",
            "type": "journal-article",
            "title": ["2013 atlas of alpine wells helps mapping studies"],
            "container-title": ["Waters"],
            "author": [{"family": "Boyd", "given": "Tim"}],
            "issued": {"date-parts": [[2014]]},
            "volume": "95",
            "page": "369-370",
            "publisher": "Alpine Press",
        },
        {
            "DOI": "10.5555/strays.2",
            "type": "book-chapter",
            "title": ["Radar patterns from geometries"],
            "container-title": ["Lectures on Designs, 1991"],
            "author": [{"family": "Gold", "given": "S. W."}],
            "issued": {"date-parts": [[1991]]},
            "publisher": "Harbour Press",
            "page": "1-40",
        },
        {
            "DOI": "10.5555/strays.3",
            "type": "journal-article",
            "title": ["A rare form of olivary degeneration"],
            "container-title": ["Skin"],
            "author": [{"family": "Cash", "given": "David"}, {"family": "Izmir", "given": "Saef"}],
            "issued": {"date-parts": [[2013]]},
            "volume": "7",
            "issue": "9",
            "page": "024701",
            "publisher": "Skin Publishing Group",
        },
        {
            "DOI": "10.5555/strays.4",
            "type": "journal-article",
            "title": ["Customer promises in seasonal marketing"],
            "container-title": ["hegelyeongu"],
            "author": [{"name": "ChungSil Kim"}],
            "issued": {"date-parts": [[2008]]},
            "volume": "14",
            "page": "137-162",
            "publisher": "Hegel Society",
        },
        {
            "DOI": "10.5555/strays.5",
            "type": "journal-article",
            "title": ["Own pages of fractured granite under load"],
            "container-title": ["Geofluids"],
            "author": [{"family": "Cao", "given": "Zhen"}],
            "issued": {"date-parts": [[2019]]},
            "volume": "12",
            "page": "1-8",
        },
    ]
)


@pytest.mark.parametrize(
    ("entry", "alarm"),
    [
        # A year that is a word of the title, or of the book's name, is not the year of the work.
        ("Boyd T. 2013 atlas of alpine wells helps mapping studies. Waters 2014;95:369-370.", []),
        ("Boyd T. 2013 atlas of alpine wells helps mapping studies. Waters 2004;95:369-370.", [("REF303", "2004")]),
        (
            "Gold SW. Radar patterns from geometries. In: Lectures on Designs, 1991. Harbour Press; 1991:1-40.",
            [],
        ),
        (
            "Gold SW. Radar patterns from geometries. In: Lectures on Designs, 1991. Harbour Press; 1996:1-40.",
            [("REF303", "1996")],
        ),
        (
            "Gold SW. “Radar patterns from geometries”. Lectures on Designs, 1991. Harbour Press (HP); 1988. p. 1–40.",
            [("REF303", "1988")],
        ),
        # What stands right behind volume and issue is the page, though it looks like a year.
        ("Cash D, Izmir S. A rare form of olivary degeneration. Skin 2013, 7 (9), 024701.", []),
        ("Cash D, Izmir S. A rare form of olivary degeneration. Skin 2013, 7 (9), 1912.", [("REF307", "1912")]),
        # Volume 7 is printed, so that the 7 of another page is no volume run into it.
        (
            "Cash D, Izmir S. A rare form of olivary degeneration. Skin 2013;7(9):724701.",
            [("REF307", "724701")],
        ),
        # The journal's name stands only in its publisher's.
        (
            "Cash D, Izmir S. A rare form of olivary degeneration. Burns. Skin Publishing Group; 2013;7(9):024701.",
            [("REF304", "Burns")],
        ),
        (
            "Cash D, Izmir S. A rare form of olivary degeneration. Skin. Skin Publishing Group; 2013;7(9):024701.",
            [],
        ),
        # The only range of numbers is the pages, what stands before the pages is the volume.
        (
            "Gold SW. Radar patterns from geometries. in Lectures on Designs 2-40 (Harbour Press, 1991).",
            [("REF307", "2-40")],
        ),
        ("Gold SW. Radar patterns from geometries. in Lectures on Designs 1-40 (Harbour Press, 1991).", []),
        (
            "Boyd T. (2014) ‘2013 atlas of alpine wells helps mapping studies’. Waters. Alpine Press, 59 pp. 369–370.",
            [("REF305", "59")],
        ),
        (
            "Boyd T. (2014) ‘2013 atlas of alpine wells helps mapping studies’. Waters. Alpine Press, 95 pp. 369–370.",
            [],
        ),
        # Everything has run together but the title is whole.
        ("Boyd T2013 atlas of alpine wells helps mapping studiesWaters201495369370", []),
        ("Cash DIzmir SA rare form of olivary degenerationSkin20137924701", []),
        # Days of a meeting and chapters are neither.
        (
            "Gold SW. Radar patterns from geometries. in Lectures on Designs, Boston, June 7-12 (Harbour Press, 1991).",
            [],
        ),
        (
            "Gold SW. Radar patterns from geometries. in Lectures on Designs, Boston, 7-12 June (Harbour Press, 1991).",
            [],
        ),
        ("Gold SW. Radar patterns from geometries. in Lectures on Designs, Chapters 3-5 (Harbour Press, 1991).", []),
        # An article number where the record counts the article's own pages is a note.
        ("Cao Z. Own pages of fractured granite under load. Geofluids 12, 1322 (2019).", []),
        # A person's name recorded whole.
        ("Kim C. Customer promises in seasonal marketing. hegelyeongu 2008;14:137-162.", []),
        ("Gregor C. Customer promises in seasonal marketing. hegelyeongu 2008;14:137-162.", [("REF302", "Gregor C")]),
        # The journal has run into the last word of the title.
        ("Kim C. Customer promises in seasonal marketinghegelyeongu 2008;14:137-162.", []),
        ("Kim C. CUSTOMER PROMISES IN SEASONAL MARKETINGHEGELYEONGU 2008;14:137-162.", []),
        ("Boyd T. 2013 atlas of alpine wells helps mapping studiesWaters 2014;95:369-370.", []),
        # Dates and volumes that were read with the journal's name.
        ("Kim C. Customer promises in seasonal marketing. hegelyeongu. 2008Sep9;14:137-162.", []),
        ("Kim C. Customer promises in seasonal marketing. hegelyeongu. septembre 2008. Vol. 14, p. 137-162.", []),
        # A person printed whole.
        (
            "Youngreal Choi. Customer promises in seasonal marketing. hegelyeongu 2008;14:137-162.",
            [("REF302", "Choi Youngreal")],
        ),
        # The publisher's name, cut, behind the journal's.
        ("Kim C. Customer promises in seasonal marketing. hegelyeongu Hegel; 2008;14:137-162.", []),
        ("Kim C. Customer promises in seasonal marketing. hegelyeongu. Hegel Society; 2008;14:137-162.", []),
    ],
)
def test_a_second_look_at_what_was_read_wrongly(entry: str, alarm: list[tuple[str, str]]) -> None:
    report = refcheck.check([entry], sources=[STRAYS])
    assert [(f.code, f.printed) for f in report.findings if f.severity is not Severity.NOTE] == alarm
