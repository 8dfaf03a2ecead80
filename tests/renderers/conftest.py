"""Reports composed by hand: one as an editor might get it, one whose every value is hostile."""

from collections.abc import Callable

import pytest

from refcheck.model import (
    Agreement,
    Callout,
    Candidate,
    DoiStatus,
    Enquiry,
    Finding,
    Level,
    Manuscript,
    Match,
    Name,
    Notice,
    Reference,
    Region,
    Report,
    Scheme,
    Severity,
    Span,
    Verdict,
    Waiver,
    Work,
)

BODY = """Skin and its vesicles

Vesicles carry signals (1, 2), and they heal (4). Doses differ (3), as noted before (12). Later work agrees (5-9).

References

"""
ENTRIES = [
    "1. Lee JH, Won YJ. Adipose vesicles promote wound repair. Int J Mol Sci. 2022;24(13):10434. "
    "doi:10.3390/ijms241310434",
    "2. Rossi A, Bianchi B. Controlled trial of skin exosomes. Lancet. 2010;375:445-9.",
    "3. Moreau C. Dosing of vesicles in mice. J Dosing. 2015;3:12-20. doi:10.5555/other.1",
    "4. Garcia L. An entry that no index holds. J Obscure Things. 2019;1:1.",
    "5. Wu P, Zhang B, Shi H. MSC-exosome: a novel cell-free therapy. Cytotherapie. 2018;20(3):291-301.",
    "6. Smith J. Introduction. Nature. 2001;400:1.",
    "7. Tanaka K. Skin ageing. Dermatol Int. 2020;9:77.",
    "8. European Parliament. Regulation (EC) No 1223/2009 on cosmetic products. 2009.",
    "9. Novak P. Early vesicles. bioRxiv. 2021. doi:10.1101/2021.01.01.1",
    "10. Okafor N. Never cited here. J Skin. 2016;8:80-85.",
    "11. Yilmaz E. All is well. J Skin. 2017;9:90-95.",
]
LINK = "https://doi.org/"


def _work(reference: Reference, **changed: object) -> Work:
    values: dict[str, object] = {
        "type": "article-journal", "authors": reference.authors, "title": reference.title,
        "container": reference.container, "year": reference.year, "volume": reference.volume,
        "pages": reference.pages, "doi": reference.doi or f"10.5555/work.{reference.number}", "source": "crossref",
    }  # fmt: skip
    values |= changed
    values["url"] = LINK + str(values["doi"])
    return Work(**values)  # type: ignore[arg-type]


@pytest.fixture
def report() -> Report:
    """Eleven entries, one or more in every group, with callouts, a waiver and two enquiries."""
    text = BODY + "\n".join(ENTRIES) + "\n"
    # (authors, title, container, year, volume, pages, doi) as printed
    fields = [
        (("Lee JH", "Won YJ"), "Adipose vesicles promote wound repair", "Int J Mol Sci", "2022", "24", "10434",
         "10.3390/ijms241310434"),
        (("Rossi A", "Bianchi B"), "Controlled trial of skin exosomes", "Lancet", "2010", "375", "445-9", ""),
        (("Moreau C",), "Dosing of vesicles in mice", "J Dosing", "2015", "3", "12-20", "10.5555/other.1"),
        (("Garcia L",), "An entry that no index holds", "J Obscure Things", "2019", "1", "1", ""),
        (("Wu P", "Zhang B", "Shi H"), "MSC-exosome: a novel cell-free therapy", "Cytotherapie", "2018", "20",
         "291-301", ""),
        (("Smith J",), "Introduction", "Nature", "2001", "400", "1", ""),
        (("Tanaka K",), "Skin ageing", "Dermatol Int", "2020", "9", "77", ""),
        (("European Parliament",), "Regulation (EC) No 1223/2009 on cosmetic products", "", "2009", "", "", ""),
        (("Novak P",), "Early vesicles", "bioRxiv", "2021", "", "", "10.1101/2021.01.01.1"),
        (("Okafor N",), "Never cited here", "J Skin", "2016", "8", "80-85", ""),
        (("Yilmaz E",), "All is well", "J Skin", "2017", "9", "90-95", ""),
    ]  # fmt: skip
    references = []
    for number, (raw, (authors, title, container, year, volume, pages, doi)) in enumerate(
        zip(ENTRIES, fields, strict=True), 1
    ):
        start = text.index(raw)
        printed = {"title": title, "container": container, "year": year, "volume": volume, "pages": pages, "doi": doi}
        spans = {}
        at = start
        for name, value in printed.items():
            if value:
                at = text.index(value, at if name != "doi" else start)
                spans[name] = Span(at, at + len(value))
        names = tuple(
            Name(family=a.rpartition(" ")[0], given=a.rpartition(" ")[2]) if a != "European Parliament"
            else Name(family=a)
            for a in authors
        )  # fmt: skip
        references.append(
            Reference(number=number, label=f"{number}.", raw=raw, span=Span(start, start + len(raw)), spans=spans,
                      authors=names, title=title, container=container, year=year, volume=volume, pages=pages, doi=doi)
        )  # fmt: skip
    one, two, three, four, five, six, seven, eight, nine, ten, eleven = references

    def agree(reference: Reference, field: str, recorded: str, part: str = "") -> Agreement:
        return Agreement(field=field, level=Level.DIFFERS, printed=getattr(reference, field), recorded=recorded,
                         score=0.4, part=part, span=reference.spans[field])  # fmt: skip

    def matched(reference: Reference, *agreements: Agreement, **work: object) -> Match:
        return Match(reference=reference, verdict=Verdict.MATCHED,
                     candidates=(Candidate(work=_work(reference, **work), confidence=0.998, agreements=agreements),),
                     doi_status=DoiStatus.AGREES if reference.doi else DoiStatus.NONE)  # fmt: skip

    retraction = Notice(kind="retraction", date="2012-05-04", doi="10.5555/notice.2", asserted_by="publisher")
    matches = (
        matched(one, agree(one, "title", "Adipose Vesicles Promote Wound Healing"), agree(one, "year", "2023"),
                title="Adipose Vesicles Promote Wound Healing", year="2023", issue="13",
                container="International Journal of Molecular Sciences",
                also={"container": ("Int. J. Mol. Sci.",), "year:online": ("2023",)}),
        matched(two, title="RETRACTED: Controlled trial of skin exosomes", notices=(retraction,)),
        Match(reference=three, verdict=Verdict.MATCHED, doi_status=DoiStatus.ELSEWHERE,
              candidates=(Candidate(work=_work(three, doi="10.5555/work.3"), confidence=0.99),),
              doi_work=Work(title="Ploughing of loam", container="J Soil", year="1999", doi="10.5555/other.1",
                            source="crossref", url=LINK + "10.5555/other.1")),
        Match(reference=four, verdict=Verdict.ABSENT, reason="Crossref and PubMed answered; no record fits",
              candidates=(Candidate(work=Work(title="An entry on indices", year="1972", doi="10.5555/far",
                                              source="crossref", url=LINK + "10.5555/far"),
                                    confidence=0.02, against="another title and year"),)),
        matched(five, agree(five, "container", "Cytotherapy"), container="Cytotherapy", issue="3"),
        Match(reference=six, verdict=Verdict.AMBIGUOUS, reason="two records fit equally well", candidates=(
            Candidate(work=_work(six, doi="10.5555/a"), confidence=0.5),
            Candidate(work=_work(six, doi="10.5555/b", year="2002"), confidence=0.48))),
        Match(reference=seven, verdict=Verdict.UNCHECKED, unavailable=("Crossref (no answer within 30 s)",)),
        Match(reference=eight, verdict=Verdict.UNCHECKED, not_indexed=True),
        matched(nine, container="bioRxiv", type="posted-content",
                notices=(Notice(kind="published", date="2022", doi="10.5555/journal.9"),)),
        matched(ten),
        matched(eleven),
    )  # fmt: skip

    def found(
        code: str, name: str, severity: Severity, message: str, reference: Reference | None, **more: object
    ) -> Finding:
        values: dict[str, object] = {"number": reference.number, "span": reference.span} if reference else {}
        return Finding(code=code, name=name, severity=severity, message=message, **(values | more))  # type: ignore[arg-type]

    twelve = text.index("(12)")
    dangling = Span(twelve, twelve + 4)
    early = Span(text.index("(4)"), text.index("(4)") + 3)
    error, warning, note = Severity.ERROR, Severity.WARNING, Severity.NOTE
    findings = (
        found("REF104", "out-of-order-citation", warning, "Reference 4 is cited before reference 3.", None, number=4,
              span=early),
        found("REF103", "missing-reference", error, "Reference 12 is cited but not listed.", None, number=12,
              span=dangling, printed="(12)"),
        found("REF301", "title-mismatch", error, "The title differs from the record.", one, field="title",
              printed=one.title, recorded="Adipose Vesicles Promote Wound Healing", span=one.spans["title"],
              evidence=LINK + one.doi),
        found("REF303", "year-mismatch", error, "The year is printed 2022, recorded 2023.", one, field="year",
              printed="2022", recorded="2023", span=one.spans["year"], evidence=LINK + one.doi),
        found("REF401", "retracted", error, "The work was retracted on 2012-05-04.", two,
              evidence=LINK + "10.5555/notice.2"),
        found("REF203", "doi-of-another-work", error, "The DOI names another work.", three, field="doi",
              printed=three.doi, recorded="Ploughing of loam. J Soil. 1999", span=three.spans["doi"],
              evidence=LINK + three.doi),
        found("REF201", "no-record", warning, "No source has a record that fits.", four),
        found("REF304", "container-mismatch", warning, "The journal differs from the record.", five,
              field="container", printed="Cytotherapie", recorded="Cytotherapy", span=five.spans["container"],
              evidence=LINK + "10.5555/work.5"),
        found("REF205", "ambiguous-record", warning, "Two records fit equally well.", six),
        found("REF901", "source-unavailable", warning, "Crossref could not answer.", seven),
        found("REF903", "not-indexed-here", note, "Laws are not held by the sources asked.", eight),
        found("REF404", "preprint-now-published", note, "The preprint has been published.", nine,
              evidence=LINK + "10.5555/journal.9"),
        found("REF102", "uncited-reference", error, "Reference 10 is not cited in the text.", ten),
    )  # fmt: skip
    waiver = Waiver(code="REF204", doi="10.5555/work.11", reason="no DOI in this journal's style", by="A. Editor")
    left = found(
        "REF204", "missing-doi", note, "The record has a DOI.", eleven, field="doi", recorded="10.5555/work.11"
    )
    callouts = tuple(
        Callout(span=Span(text.index(t), text.index(t) + len(t)), numbers=n, text=t)
        for t, n in (("(1, 2)", (1, 2)), ("(4)", (4,)), ("(3)", (3,)), ("(12)", (12,)), ("(5-9)", (5, 6, 7, 8, 9)))
    )
    return Report(
        manuscript=Manuscript(
            name="skin.md", text=text, references=tuple(references), callouts=callouts,
            regions=(Region(kind="unreadable", span=Span(0, 4), label="Figure 1", reason="a picture of text"),),
            scheme=Scheme.PAREN, scheme_reason="5 of 5 callouts in parentheses", order="citation", format="markdown"),
        matches=matches, findings=findings,
        enquiries=(Enquiry(source="crossref", requests=14, cached=3, since="2026-11-24T09:30:00Z", failed=1),
                   Enquiry(source="pubmed", requests=4, since="2026-11-24T09:30:05Z")),
        waived=((left, waiver),),
        idle_waivers=((Waiver(code="REF305", reference="ab12cd34ef56", reason="old"), "unused"),),
    )  # fmt: skip


HOSTILE = {
    "script": "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "formula": '=HYPERLINK("http://evil.example","x")',
    "at-formula": "@SUM(1+1)*cmd|' /C calc'!A0",
    "markdown": "[click](javascript:alert(1)) ![x](http://evil.example/a.png) @everyone #1 `code` | cell |\n# head",
    "latex": "\\input{/etc/passwd} \\write18{ls} 100% $x_1^2$ & {open # ~",
    "terminal": "\x1b[31mred\x1b]0;title\x07 \u202egnp.exe\u202c \x00",
    "comment": "--> ]]> &lt;b&gt; <!-- <![CDATA[",
}


@pytest.fixture(params=sorted(HOSTILE))
def hostile_value(request: pytest.FixtureRequest) -> str:
    """A title that would do harm where it is not escaped."""
    return HOSTILE[request.param]


@pytest.fixture
def with_title() -> Callable[[str], Report]:
    """A report whose only entry, record, message, links and file name all hold the given text."""

    def compose(value: str) -> Report:
        raw = f"1. {value}. J Skin. 2020;1:1."
        start = 4
        text = "x\n\n\n"[:start] + raw + "\n"
        title = Span(start + 3, start + 3 + len(value))
        reference = Reference(number=1, label="1.", raw=raw, span=Span(start, start + len(raw)), title=value,
                              spans={"title": title}, container="J Skin", year="2020", key=value,
                              authors=(Name(family=value, given=value),))  # fmt: skip
        work = Work(title=value + " recorded", container=value, year=value, doi="10.5555/" + value, source=value,
                    url="javascript:alert(1)//" + value, authors=(Name(family=value),))  # fmt: skip
        finding = Finding(code="REF301", name="title-mismatch", severity=Severity.ERROR, message=value, number=1,
                          field="title", printed=value, recorded=value + " recorded", span=title,
                          evidence="javascript:alert(1)//" + value)  # fmt: skip
        match = Match(reference=reference, verdict=Verdict.MATCHED, reason=value, disagreement=value,
                      candidates=(Candidate(work=work, confidence=0.99),))  # fmt: skip
        return Report(manuscript=Manuscript(name=value, text=text, references=(reference,), scheme_reason=value),
                      matches=(match,), findings=(finding,),
                      enquiries=(Enquiry(source=value, requests=1, since=value),))  # fmt: skip

    return compose
