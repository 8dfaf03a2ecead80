"""JATS articles: what is tagged is believed, what is not tagged is read."""

import pytest

from refcheck.errors import NoReferences, UnreadableInput
from refcheck.model import Manuscript, Name, Scheme
from refcheck.readers import read

LEE = (
    "<element-citation publication-type='journal'><person-group person-group-type='author'><name><surname>Lee</surname>"
    "<given-names>AB</given-names></name><collab>Skin Group</collab><etal/></person-group><article-title>Exosomes in "
    "<italic>skin</italic></article-title><source>Burns</source><year>2020</year><volume>1</volume><issue>2</issue>"
    "<fpage>3</fpage><lpage>9</lpage><pub-id pub-id-type='doi'>10.1000/LEE</pub-id></element-citation>"
)
WU = (
    "<mixed-citation publication-type='journal'><person-group person-group-type='author'><string-name>"
    "<surname>Wu</surname> <given-names>C</given-names></string-name></person-group>. <article-title>Scars"
    "</article-title>. <source>Wound</source>. <year>2021</year>;<volume>4</volume>:<fpage>55</fpage>\u2013"
    "<lpage>61</lpage>. doi: 10.1000/wu</mixed-citation>"
)
REFS = (LEE, WU, "<mixed-citation>Okafor D. Stem cells of hair. J Invest Dermatol. 2019;7:100-8.</mixed-citation>")


def article(body: str, refs: tuple[str, ...] = REFS, head: str = "") -> Manuscript:
    listed = "".join(f"<ref id='B{n}'><label>{n}</label>{r}</ref>" for n, r in enumerate(refs, 1))
    xml = f"{head}<article><front><article-meta><title-group><article-title>Skin</article-title></title-group>"
    xml += "<contrib-group><contrib><name><surname>Ray</surname></name><xref ref-type='aff' rid='a'>1</xref></contrib>"
    xml += f"</contrib-group></article-meta></front><body>{body}</body>"
    xml += f"<back><ref-list>{listed}</ref-list></back></article>"
    return read(xml.encode(), "m.xml")


def cite(numbers: str, text: str | None = None) -> str:
    ids = " ".join(f"B{n}" for n in numbers.split())
    return f"<xref ref-type='bibr' rid='{ids}'>{numbers if text is None else text}</xref>"


CALLOUTS = {
    "one": (f"<p>Skin [{cite('1')}].</p>", [(1,)]),
    "several": (f"<p>Skin [{cite('1')}, {cite('3')}].</p>", [(1, 3)]),
    "range between tags": (f"<p>Skin [{cite('1')}–{cite('3')}].</p>", [(1, 2, 3)]),
    "range as text of a tag": (f"<p>Skin [{cite('1')}{cite('2', '–')}{cite('3')}].</p>", [(1, 2, 3)]),
    "bridged brackets": (f"<p>Skin [{cite('1')}]–[{cite('3')}].</p>", [(1, 2, 3)]),
    "several ids in a tag": (f"<p>Skin {cite('1 2 3', '[1–3]')}.</p>", [(1, 2, 3)]),
    "raised": (f"<p>Skin.<sup>{cite('2')},{cite('3')}</sup> Hair.<sup>{cite('1')}</sup></p>", [(2, 3), (1,)]),
    "reversed range": (f"<p>Skin [{cite('3')}–{cite('1')}].</p>", [(3, 1)]),
    "two callouts": (f"<p>Skin [{cite('1')}] and hair [{cite('2')}].</p>", [(1,), (2,)]),
    "an id that is not listed": ("<p>Skin [<xref ref-type='bibr' rid='B9'>9</xref>].</p>", [(9,)]),
    "typed without a tag": (f"<p>Skin [{cite('1')}] and hair [2, 3].</p>", [(1,), (2, 3)]),
    "other cross-references": (f"<p>Skin [{cite('1')}] (<xref ref-type='fig' rid='f'>2</xref>).</p>", [(1,)]),
}


@pytest.mark.parametrize("name", CALLOUTS)
def test_callouts(name: str) -> None:
    body, expected = CALLOUTS[name]
    manuscript = article(body)
    assert [c.numbers for c in manuscript.callouts] == expected
    assert all(manuscript.text[slice(*c.span)] == c.text for c in manuscript.callouts)


def test_a_reversed_range_is_told() -> None:
    assert article(CALLOUTS["reversed range"][0]).callouts[0].problem == "reversed range"


def test_schemes() -> None:
    schemes = {name: article(CALLOUTS[name][0]).scheme for name in ("one", "raised")}
    assert schemes == {"one": Scheme.BRACKET, "raised": Scheme.SUPERSCRIPT}
    assert article(f"<p>Skin ({cite('1')}).</p>").scheme is Scheme.PAREN
    assert article(f"<p>Skin ({cite('1', 'Lee 2020')}).</p>").scheme is Scheme.AUTHOR_YEAR


def test_tagged_fields_are_the_reading_and_have_a_printed_form() -> None:
    manuscript = article(f"<p>Skin [{cite('1')}].</p>")
    lee = manuscript.references[0]
    assert lee.authors == (Name(family="Lee", given="AB"), Name(family="Skin Group"))
    assert (lee.title, lee.container, lee.year, lee.pages) == ("Exosomes in skin", "Burns", "2020", "3-9")
    assert (lee.doi, lee.et_al) == ("10.1000/lee", True)
    assert lee.raw == "Lee AB, Skin Group, et al. Exosomes in skin. Burns. 2020;1(2):3-9. doi:10.1000/lee"
    assert {f: manuscript.text[slice(*s)] for f, s in lee.spans.items()}["pages"] == "3-9"


def test_tags_inside_the_printed_text_give_fields_and_spans() -> None:
    manuscript = article(f"<p>Skin [{cite('2')}].</p>")
    wu = manuscript.references[1]
    assert wu.raw == "Wu C. Scars. Wound. 2021;4:55–61. doi: 10.1000/wu"
    assert (wu.title, wu.pages, wu.doi) == ("Scars", "55-61", "10.1000/wu")
    shown = {f: manuscript.text[slice(*s)] for f, s in wu.spans.items()}
    assert (shown["authors"], shown["title"], shown["pages"], shown["year"]) == ("Wu C", "Scars", "55–61", "2021")


def test_text_without_tags_is_parsed() -> None:
    assert article(f"<p>Skin [{cite('3')}].</p>").references[2].title == "Stem cells of hair"


@pytest.mark.parametrize("wrap", ["{}{}", "<citation-alternatives>{}{}</citation-alternatives>"])
def test_a_work_given_twice_is_one_reference(wrap: str) -> None:
    printed = "<mixed-citation>1. Lee AB, et al. Exosomes in skin. Burns 2020;1(2):3.</mixed-citation>"
    manuscript = article(f"<p>Skin [{cite('1')}].</p>", (wrap.format(printed, LEE), WU))
    lee = manuscript.references[0]
    assert lee.raw == "Lee AB, et al. Exosomes in skin. Burns 2020;1(2):3."
    assert (lee.volume, lee.parts) == ("1", ())
    assert manuscript.text[slice(*lee.spans["volume"])] == "1"


def test_several_works_under_one_number_are_parts() -> None:
    manuscript = article(f"<p>Skin [{cite('1')}].</p>", (WU + REFS[2], WU))
    first = manuscript.references[0]
    assert [p.year for p in first.parts] == ["2021", "2019"]
    assert manuscript.text[slice(*first.span)] == first.raw
    assert all(manuscript.text[slice(*p.span)] == p.raw for p in first.parts)


def test_regions_of_callouts() -> None:
    table = f"<table-wrap><label>Table 1</label><table><tr><td>[{cite('2')}]</td></tr></table></table-wrap>"
    figure = f"<fig><label>Figure 1</label><caption><p>After [{cite('3')}]</p></caption></fig>"
    manuscript = article(f"<sec><title>Aims</title><p>Skin [{cite('1')}].</p>{table}{figure}</sec>")
    assert [c.region for c in manuscript.callouts] == ["body", "table", "legend"]
    assert [r.label for r in manuscript.regions if r.kind == "table"] == ["Table 1"]


def test_entities_of_the_document_type_are_letters() -> None:
    head = "<!DOCTYPE article PUBLIC '-//NLM//DTD JATS' 'JATS.dtd'>"
    assert "β cells" in article(f"<p>&beta; cells [{cite('1')}].</p>", head=head).text


def test_translations_and_replies_are_left_out() -> None:
    body = f"<p>Skin [{cite('1')}].</p>"
    xml = article(body)
    assert len(xml.references) == 3
    more = f"<article><body>{body}</body><back><ref-list><ref id='B1'>{WU}</ref></ref-list></back><sub-article><body>"
    more += f"<p>Pele [{cite('1')}]</p></body><back><ref-list><ref id='B2'>{WU}</ref></ref-list></back></sub-article>"
    more += "</article>"
    manuscript = read(more.encode(), "m.xml")
    assert (len(manuscript.references), len(manuscript.callouts)) == (1, 1)


@pytest.mark.parametrize(
    "xml",
    [
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><article><p>&x;</p></article>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'>%x;]><article/>",
        "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><article>&b;</article>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_its_own_are_refused(xml: str, encoding: str) -> None:
    with pytest.raises(UnreadableInput, match="declares XML entities"):
        read(xml.encode(encoding), "m.xml")


def test_other_xml_and_broken_xml_say_so() -> None:
    with pytest.raises(UnreadableInput, match="another kind"):
        read(b"<feed><entry/></feed>", "m.xml")
    with pytest.raises(UnreadableInput, match="well-formed"):
        read(b"<article><body>", "m.xml")
    with pytest.raises(UnreadableInput, match="well-formed"):
        read(b"<article>" + b"<sec>" * 5000 + b"</article>", "m.xml")
    with pytest.raises(NoReferences):
        read(b"<article><body><p>Skin.</p></body></article>", "m.xml")
