"""DOIs as they are printed: in addresses of publishers, which go on behind them, and alone."""

import pytest

from refcheck.identifiers import find_dois

PRINTED = [  # what is printed, the DOI
    ("https://www.biorxiv.org/content/10.1101/2020.11.02.364968v2", "10.1101/2020.11.02.364968"),
    ("https://www.biorxiv.org/content/10.1101/2020.11.02.364968v2.full.pdf", "10.1101/2020.11.02.364968"),
    ("https://www.medrxiv.org/content/10.64898/2026.01.05.26300001v1.full-text", "10.64898/2026.01.05.26300001"),
    ("https://academic.oup.com/nar/advance-article/doi/10.1093/nar/gkz1001/5611677", "10.1093/nar/gkz1001"),
    ("https://academic.oup.com/nar/article/doi/10.1093/nar/gkz1001/5611677?login=true.", "10.1093/nar/gkz1001"),
    ("https://onlinelibrary.wiley.com/doi/10.1111/j.1365-2648.2005.03621.x/full", "10.1111/j.1365-2648.2005.03621.x"),
    ("https://www.tandfonline.com/doi/abs/10.1080/019443609?journalCode=rjpa20", "10.1080/019443609"),
    ("https://link.springer.com/article/10.1007/s00401-018-1862-8#citeas.", "10.1007/s00401-018-1862-8"),
    ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0115253", "10.1371/journal.pone.0115253"),
    # what only looks like the part that is shown, or like a version, belongs to the DOI
    ("https://doi.org/10.1093/nar/gkz1001/5611677", "10.1093/nar/gkz1001/5611677"),
    ("https://www.researchsquare.com/article/10.21203/rs.3.rs-1234567/v1", "10.21203/rs.3.rs-1234567/v1"),
    ("doi:10.1000/fulltext.2020.12", "10.1000/fulltext.2020.12"),
    ("https://example.org/10.1000/fulltext2", "10.1000/fulltext2"),
    ("https://example.org/10.1002/(SICI)10(92)43:4<2::A3>3.0.CO;2-#", "10.1002/(sici)10(92)43:4<2::a3>3.0.co;2-#"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "doi"), PRINTED)
def test_a_doi_ends_where_the_address_goes_on(printed: str, doi: str) -> None:
    (found,) = find_dois(f"Lee A. Skin. 2020. {printed}")
    assert found.value == doi
