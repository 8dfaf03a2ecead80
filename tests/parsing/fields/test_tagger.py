"""The model file, and the features that are looked up in it."""

from pathlib import Path

import pycrfsuite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refcheck import text
from refcheck.parsing.fields import tagger
from refcheck.parsing.fields.features import FeatureTable
from refcheck.parsing.fields.tokens import identified, tokenise

ENTRY = "Lee J, Kim H. Exosome therapy for wounds. Lancet. 2020;5(4):11-19. doi:10.1000/x.1"


def test_the_table_of_weighted_features_is_the_models_own() -> None:
    model = tagger._model()
    crf = pycrfsuite.Tagger()
    crf.open_inmemory(model)
    assert tagger.weighted_features(model) == {name.encode() for name in crf.info().attributes}


@pytest.mark.parametrize("model", [b"", b"lCRF", b"no model at all, and long enough for a header of twelve words"])
def test_a_foreign_file_has_no_known_table(model: bytes) -> None:
    assert tagger.weighted_features(model) is None


def test_leaving_out_unweighted_features_changes_no_label() -> None:
    tokens = tokenise(ENTRY, identified(ENTRY))
    crf = pycrfsuite.Tagger()
    crf.open_inmemory(model := tagger._model())
    few = FeatureTable(tagger.weighted_features(model))(ENTRY, tokens)
    every = FeatureTable()(ENTRY, tokens)
    assert sum(map(len, few)) < sum(map(len, every))
    assert crf.tag(few) == crf.tag(every)
    assert [label.split(">")[0] for label in crf.tag(few)] == tagger.tag(ENTRY, tokens).labels


def test_a_small_cache_gives_the_same_features(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = tokenise(ENTRY, identified(ENTRY))
    expected = FeatureTable()(ENTRY, tokens)
    monkeypatch.setattr(FeatureTable, "CACHE", 3)
    assert FeatureTable()(ENTRY, tokens) == expected


def test_confidence_never_falls_as_the_models_probability_rises() -> None:
    assert set(tagger.calibration()) == {"full", "partial", "poor"}
    for points in tagger.calibration().values():
        assert list(points) == sorted(points)
        assert [share for _, share in points] == sorted(share for _, share in points)
        assert all(0 <= value <= 1 for point in points for value in point)


def test_the_model_is_small() -> None:
    folder = Path(tagger.__file__).parent / "model"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 3_000_000


@given(st.text(max_size=200))
@settings(deadline=None)
def test_tokens_cover_everything_but_blanks(raw: str) -> None:
    readable = text.unwrap(raw).text
    tokens = tokenise(readable, identified(readable))
    last = 0
    for token in tokens:
        assert readable[token.start : token.end] == token.text
        assert not readable[last : token.start].strip()
        last = token.end
    assert not readable[last:].strip()
    assert len(FeatureTable()(readable, tokens)) == len(tokens)
