"""Publishers that styles print behind the name of a journal or book, with hardly a mark between."""

from __future__ import annotations

import re

from refcheck.parsing.fields.runs import Run

# The names that Crossref gives the largest of its members, and that reference managers print ("Water Resour Res
# Wiley-Blackwell 50:898"): https://www.crossref.org/members/prep/ lists them.
_NAMES = """
Elsevier|Elsevier BV|Springer|Springer Nature|Springer-Verlag|Springer US|Springer International Publishing
Springer Berlin Heidelberg|Springer New York|Springer Netherlands|Springer Science and Business Media LLC
Springer Science and Business Media|Springer Science + Business Media|Wiley|Wiley-Blackwell|John Wiley & Sons, Ltd
John Wiley & Sons|Informa UK Limited|Informa Healthcare|Hindawi|Hindawi Limited|Hindawi Publishing Corporation
SAGE Publications|Oxford University Press|Oxford University Press (OUP)|Cambridge University Press
Cambridge University Press (CUP)|University of Chicago Press|MDPI AG|Frontiers Media SA|Nature Publishing Group
American Chemical Society (ACS)|Royal Society of Chemistry (RSC)|American Physical Society (APS)|IOP Publishing
American Medical Association (AMA)|American Geophysical Union (AGU)|Public Library of Science (PLoS)|AIP Publishing
American Association for the Advancement of Science (AAAS)|Association for Computing Machinery (ACM)|ACM Press
Institute of Electrical and Electronics Engineers (IEEE)|Ovid Technologies (Wolters Kluwer Health)|S. Karger AG
Georg Thieme Verlag KG|Walter de Gruyter GmbH|Mary Ann Liebert Inc|Emerald|JSTOR|Project MUSE|BMJ|Medknow
EDP Sciences|Copernicus GmbH|IGI Global|Scientific Research Publishing, Inc|World Scientific Pub Co Pte Lt
Annual Reviews|American Society for Microbiology|Bentham Science Publishers Ltd|ASME International|ASMEDC
Cold Spring Harbor Laboratory
"""
_LARGEST = "|".join(re.escape(name) for line in _NAMES.strip().split("\n") for name in line.split("|"))
# "Proc IEEE" is a name, "Proceedings of the Conference on Care (IEEE)" one with a publisher.
_BEHIND = re.compile(rf"(?<=[\w.)])(?:(?:\s\(|[.,]?\s)(?=(?:{_LARGEST})[).]*$)|\s\((?=(?:IEEE|ACM)\)?$))")
_COMPANY = re.compile(
    r"[^.,;:]{3,60}\s(?:Press|Publish(?:ing|ers)(?:\sHouse|\sGroup)?|Publications|Publicações|Publicaciones|Verlag"
    rf"|Ltd|Limited|Inc|LLC|GmbH)\.?|{_LARGEST}"
)
_OPEN = re.compile(r"(?:\b(?:of|the|and|for|in)|&)$")  # "Annals of …": the name is not at its end


def with_publisher(readable: str, runs: list[Run]) -> list[Run]:
    """Journals and books without the publisher behind their name; what is nothing but a publisher's name, and has
    neither volume nor pages, is one.

    >>> with_publisher("Water Resour Res Wiley-Blackwell 50", [Run("JOURNAL", 0, 32), Run("VOLUME", 33, 35)])[:2]
    [Run(label='JOURNAL', start=0, end=16), Run(label='PUBLISHER', start=17, end=32)]
    """
    labels = {run.label for run in runs}
    for k, run in enumerate(runs):
        bare = "TITLE" in labels and not labels & {"VOLUME", "ISSUE", "PAGES", "PUBLISHER"}
        if bare and run.label in ("JOURNAL", "BOOK") and _COMPANY.fullmatch(readable, run.start, run.end):
            return [*runs[:k], run._replace(label="PUBLISHER"), *runs[k + 1 :]]
        if run.label in ("JOURNAL", "BOOK") and run.end - run.start > 8:
            m = _BEHIND.search(readable, run.start + 4, run.end)
            if m and not _OPEN.search(readable, run.start, m.start()):
                parted = [run._replace(end=m.start()), Run("PUBLISHER", m.end(), run.end)]
                return [*runs[:k], *parted, *runs[k + 1 :]]
    return runs
