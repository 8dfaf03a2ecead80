"""How training references are made: labels that stand where the values stand, whatever happens to the print."""

import gzip
import importlib
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pycrfsuite
import pytest

from refcheck import text
from refcheck.parsing.fields.features import FeatureTable

TRAINING = Path(__file__).parents[3] / "training"
ITEM = {
    "type": "article-journal",
    "title": "Dressings for burns in children: a randomised trial",
    "container-title": "Journal of Burn Care",
    "container-title-short": "J Burn Care",
    "author": [{"family": "Almeida", "given": "Rui T."}, {"family": "van der Berg", "given": "Piet"}],
    "issued": {"date-parts": [[2019, 3]]},
    "volume": "40",
    "issue": "2",
    "page": "118-125",
    "DOI": "10.1000/jbc.2019.04",
}


@pytest.fixture(scope="module")
def training() -> Iterator[dict[str, ModuleType]]:
    sys.path.insert(0, str(TRAINING))
    names = ("crfsuite", "labels", "layouts", "noise", "printed", "records", "variety")
    try:
        yield {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(TRAINING))
        for name in names:
            sys.modules.pop(name, None)


def _shown(segments: list[tuple[str, str]]) -> dict[str, str]:
    shown: dict[str, str] = {}
    for label, value in segments:
        shown[label] = shown.get(label, "") + value
    return shown


@pytest.mark.parametrize(
    "style", ["apa", "american-medical-association", "ieee", "nature", "chicago-author-date", "the-lancet"]
)
def test_every_field_of_a_printed_record_is_labelled(training: dict[str, ModuleType], style: str) -> None:
    printed = training["printed"]
    texts = printed.render(style, [ITEM])
    assert texts is not None
    segments = printed.label(texts[0], ITEM)
    assert segments is not None
    assert "".join(value for _, value in segments) == texts[0]
    shown = _shown(segments)
    assert text.compact(shown["TITLE"]) == text.compact(ITEM["title"])
    assert shown["JOURNAL"] in ("Journal of Burn Care", "J Burn Care")
    assert shown["VOLUME"] == "40"
    assert shown["PAGES"].startswith("118")
    assert "2019" in shown["DATE"]
    assert shown["AUTHOR"].startswith(("Almeida", "R"))
    assert "Berg" in shown["AUTHOR"] or "et al" in shown["AUTHOR"]


@pytest.mark.filterwarnings("ignore:The following arguments for Reference")  # citeproc-py on fields it leaves out
@pytest.mark.parametrize("kind", ["article-journal", "chapter", "paper-conference", "book", "report"])
def test_what_is_dealt_out_anew_is_labelled_as_well(training: dict[str, ModuleType], kind: str, tmp_path: Path) -> None:
    table = tmp_path / "journals.tsv.gz"
    with gzip.open(table, "wt", encoding="utf-8") as lines:
        lines.writelines(f"Annals of Dressing {x}\tAnn. Dress. {x}\tmade up\n" for x in "ABCDEFGHIJ")
    items = [
        ITEM | {"title": f"{what} of burns in {whom}: a trial", "publisher": "Harbour Press"}
        for what in ("Dressing", "Cooling", "Grafting")
        for whom in ("children", "adults")
    ]
    proceedings = ITEM | {"type": "paper-conference", "container-title": "Proceedings of the Dressing Days"}
    variety, printed = training["variety"], training["printed"]
    stock = variety.stock([*items, proceedings], table)
    rng = random.Random(5)
    labelled = 0
    for _ in range(12):
        item = variety.varied(ITEM | {"type": kind}, stock, rng)
        texts = printed.render("apa", [item])
        segments = printed.label(texts[0], item) if texts else None
        if segments:
            labelled += 1
            shown = _shown(segments)
            assert text.compact(item["title"]) == text.compact(shown["TITLE"])
            assert "".join(value for _, value in segments) == texts[0]
    assert labelled > 6


def test_what_stands_between_fields_remembers_the_field_before(training: dict[str, ModuleType]) -> None:
    labels = ["NUMBER", "O", "AUTHOR", "O", "O", "TITLE", "ID", "O"]
    assert training["labels"].remembering(labels) == [
        "NUMBER", "O", "AUTHOR", "O>AUTHOR", "O>AUTHOR", "TITLE", "ID", "O",
    ]  # fmt: skip


def test_the_last_initial_of_a_list_is_no_conjunction(training: dict[str, ModuleType]) -> None:
    people = [{"family": "Almeida", "given": "Rui"}, {"family": "Pecci", "given": "Ivo"}]
    segments = training["printed"].label(
        "Almeida R, Pecci I (2019) Dressings for burns in children: a randomised trial. J Burn Care 40",
        ITEM | {"author": people},
    )
    assert _shown(segments)["AUTHOR"] == "Almeida R, Pecci I"


def test_folds_do_not_meet(training: dict[str, ModuleType]) -> None:
    printed = training["printed"]
    seen, held = set(printed.styles(measuring=False)), set(printed.styles(measuring=True))
    assert not seen & held
    assert len(held) > 120
    assert len(seen) > 1_500


def test_noise_moves_no_label(training: dict[str, ModuleType]) -> None:
    noise = training["noise"]
    segments = [("AUTHOR", "Almeida RT"), ("O", ". "), ("TITLE", "Dressings for burns"), ("O", ". "), ("DATE", "2019")]
    for seed in range(200):
        shown = _shown(noise.noisy(segments, random.Random(seed), 3.0))
        assert text.compact(text.unwrap(shown["TITLE"]).text) == "dressingsforburns"
        assert text.compact(text.unwrap(shown["AUTHOR"]).text) == "almeidart"
        assert shown["DATE"] == "2019"


def test_the_same_seed_gives_the_same_references(training: dict[str, ModuleType]) -> None:
    noise, layouts = training["noise"], training["layouts"]

    def some(seed: int) -> list[object]:
        rng = random.Random(seed)
        return [layouts.article(noise.prepared(ITEM, rng), rng) for _ in range(20)] + [layouts.other(ITEM, rng)]

    assert some(5) == some(5)
    assert some(5) != some(6)


def test_numbers_that_are_alike_are_told_apart(training: dict[str, ModuleType]) -> None:
    alike = ITEM | {"volume": "2019", "issue": "2019", "page": "2019-2020"}
    made = training["records"].with_distinct_numbers(alike, random.Random(1))
    numbers = [made["volume"], made["issue"], *made["page"].split("-")]
    assert len({*numbers, "2019"}) == 5
    assert [len(n) for n in numbers] == [4, 4, 4, 4]


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([("PAGES", "pp. 118-125")], "O O PAGES PAGES PAGES"),
        ([("PAGES", "S27")], "PAGES PAGES"),
        ([("PAGES", "S. 27")], "O O PAGES"),
        ([("VOLUME", "vol. 40")], "O O VOLUME"),
        ([("DATE", "(2019)")], "O DATE O"),
        ([("BOOK", "In: Burns.")], "O O BOOK O"),
        ([("EDITOR", "In P. Novák (Eds.)")], "O EDITOR EDITOR EDITOR O O O O"),
        ([("TITLE", "“Burns (in children).”")], "O TITLE TITLE TITLE TITLE TITLE O O"),
        ([("VOLX", "2003;24(5")], "DATE O VOLUME O ISSUE"),
    ],
)
def test_labels_end_at_the_same_marks(
    training: dict[str, ModuleType], segments: list[tuple[str, str]], expected: str
) -> None:
    assert " ".join(training["labels"].example(segments, "test").labels) == expected


def _trained(training: dict[str, ModuleType], model: Path, seed: int = 3) -> bytes:
    rng = random.Random(seed)
    trainer = pycrfsuite.Trainer(verbose=False)
    features = FeatureTable()
    for _ in range(12):
        segments = training["layouts"].article(training["noise"].prepared(ITEM, rng), rng)
        if segments:
            example = training["labels"].example(segments, "test")
            trainer.append(features(example.text, example.tokens), example.labels)
    trainer.select("lbfgs")
    trainer.set_params({"max_iterations": 5, "c1": 0.1})
    trainer.train(str(model))
    return model.read_bytes()


def test_training_twice_gives_the_same_model(training: dict[str, ModuleType], tmp_path: Path) -> None:
    assert _trained(training, tmp_path / "one") == _trained(training, tmp_path / "two")


def test_a_model_read_and_written_is_the_same_byte_for_byte(training: dict[str, ModuleType], tmp_path: Path) -> None:
    crfsuite = training["crfsuite"]
    model = _trained(training, tmp_path / "model")
    assert crfsuite.written(crfsuite.read(model), 52) == model


def test_the_mean_of_models_has_the_mean_of_their_weights(training: dict[str, ModuleType], tmp_path: Path) -> None:
    crfsuite = training["crfsuite"]
    models = [crfsuite.read(_trained(training, tmp_path / "model", seed)) for seed in (3, 4)]
    mean = crfsuite.averaged(models, 0.1)
    expected = [sum(m.states.get(name, {}).get("DATE", 0) for m in models) / 2 for name in mean.states]
    assert [row.get("DATE", 0) for row in mean.states.values()] == pytest.approx(expected)
    left_out = set(models[0].states) - set(mean.states)
    assert left_out
    assert all(abs(w) < 0.2 for name in left_out for w in models[0].states[name].values())
    rewritten = crfsuite.read(crfsuite.written(mean, 8))
    assert list(rewritten.states) == list(mean.states)
    assert rewritten.states["c=Y"] == pytest.approx(mean.states["c=Y"], rel=0.004)
