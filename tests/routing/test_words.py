"""Texts are read alike, a model answers and explains, its file cannot be anything else."""

import hashlib
import io

import numpy as np
import pytest

from routing.words.figures import Answer, figures_of, threshold_of
from routing.words.linear import Damaged, Sample, packed, unpacked
from routing.words.normal import normalised, whole
from routing.words.training import FEWEST_OF_LABEL, TooLittle, is_held_back, train
from tests.routing.corpus import samples


@pytest.fixture(scope="module")
def trained():
    return train(samples())


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("我们小区的井盖，不见了！", "小区井盖见"),
        ("ＡＢＣ　１２３路", "abc123路"),
        ("第一行_x000D_\n第二行", "第一行第二行"),
        ("……，。！", ""),
    ],
)
def test_marks_and_words_that_say_nothing_are_left_out(raw, read):
    assert normalised(raw) == read


def test_reading_twice_changes_nothing():
    once = normalised("请问这条路的路灯为什么一直没有人来修？")
    assert normalised(once) == once == "请问条路路灯人来修"


def test_a_title_that_repeats_the_beginning_is_not_said_twice():
    assert whole("路灯不亮", "路灯不亮，三天了。") == "路灯不亮，三天了。"
    assert whole("路灯不亮三…", "路灯不亮三天了。") == "路灯不亮三天了。"
    assert whole("求助", "路灯不亮") == "求助 路灯不亮"


def test_a_model_tells_kinds_apart_that_it_has_not_seen(trained):
    assert trained.held_back == sum(is_held_back(one.text) for one in samples())
    assert (trained.figures.accuracy, trained.figures.macro_f1) == (1.0, 1.0)
    assert trained.final.opinion("村口的窨井松动了").labels[0] == "cover"
    assert sum(trained.final.opinion("路灯不亮").confidences) == pytest.approx(1)


def test_the_same_samples_make_the_same_model_in_any_order(trained):
    again = train(samples()[::-1])
    assert np.array_equal(again.final.weights, trained.final.weights)
    assert again.figures == trained.figures


def test_an_answer_names_the_words_that_mattered(trained):
    text = "宝山路9号门口的路灯不亮，请尽快处理。"
    assert "路灯" in trained.final.words_for(text, "lamp")[:2]
    assert "路灯" not in trained.final.words_for(text, "noise")


def test_two_labels_are_learned_too():
    model = train(samples(kinds=("cover", "lamp"))).final
    assert model.opinion("照明灯坏了").labels[0] == "lamp"
    assert model.opinion("下水道盖板破损").labels[0] == "cover"


def test_a_text_without_any_known_word_gets_no_certain_answer(trained):
    opinion = trained.final.opinion("")
    assert sorted(opinion.labels) == ["cover", "lamp", "noise"]
    assert opinion.confidences[0] < trained.final.threshold or opinion.confidences[0] < 0.7


def test_labels_with_too_few_samples_are_left_out_and_named():
    few = [Sample(f"流浪狗{number}", "dog") for number in range(FEWEST_OF_LABEL - 1)]
    trained = train([*samples(30), *few])
    assert trained.dropped == ("dog",)
    assert trained.final.labels == ("cover", "lamp", "noise")


def test_one_label_is_too_little():
    with pytest.raises(TooLittle):
        train(samples(kinds=("cover",)))


# -- The file --------------------------------------------------------------------------------------


def test_a_model_comes_out_of_its_file_as_it_went_in(trained):
    content = packed({"final": trained.final, "trial": trained.trial})
    model = unpacked(content, "final", sha256=hashlib.sha256(content).hexdigest())
    said, before = model.opinion("路灯不亮"), trained.final.opinion("路灯不亮")
    assert said.labels == before.labels
    assert said.confidences == pytest.approx(before.confidences, abs=0.01)


def test_a_changed_file_is_refused(trained):
    content = packed({"final": trained.final})
    digest = hashlib.sha256(content).hexdigest()
    with pytest.raises(Damaged):
        unpacked(content + b"\0", "final", sha256=digest)


def test_a_file_with_objects_in_it_is_not_read():
    """Even with the right digest: what could run code is no model."""
    file = io.BytesIO()
    np.savez(file, final_labels=np.array([{"a": 1}], dtype=object), final_numbers=np.zeros(2))
    content = file.getvalue()
    with pytest.raises(ValueError, match="allow_pickle"):
        unpacked(content, "final", sha256=hashlib.sha256(content).hexdigest())


# -- Figures ---------------------------------------------------------------------------------------

ANSWERS = [
    Answer("a", "a", 0.99),
    Answer("a", "a", 0.95),
    Answer("b", "b", 0.9),
    Answer("b", "a", 0.6),
    Answer("c", "b", 0.4),
]


def test_figures_are_those_of_the_book():
    figures = figures_of(ANSWERS, threshold=0.9)
    by_label = {one.label: one for one in figures.labels}
    assert (figures.rows, figures.accuracy) == (5, 0.6)
    assert (by_label["a"].precision, by_label["a"].recall, by_label["a"].f1) == (0.6667, 1.0, 0.8)
    assert (by_label["c"].recall, by_label["c"].f1) == (0.0, 0.0)
    assert figures.macro_f1 == round((0.8 + 0.5 + 0.0) / 3, 4)
    assert figures.coverage_at_97 == 0.6
    assert (figures.certain, figures.certain_right) == (0.6, 1.0)
    assert figures.confusion == (("b", "a", 1), ("c", "b", 1))
    assert [(step.rows, step.right) for step in figures.reliability] == [
        (1, 0.0),
        (1, 0.0),
        (3, 1.0),
    ]


def test_the_threshold_is_the_lowest_confidence_that_keeps_the_promise():
    right = [Answer("a", "a", 0.5 + number / 100) for number in range(40)]
    wrong = [Answer("a", "b", 0.4 + number / 100) for number in range(10)]
    assert threshold_of([*right, *wrong]) == pytest.approx(0.49)
    assert threshold_of(ANSWERS) == 1.0


def test_equal_confidences_are_taken_together():
    """Otherwise the order of rows in the file would decide."""
    answers = [Answer("a", "a", 0.8)] * 30 + [Answer("a", "b", 0.8)] * 30
    assert figures_of(answers).coverage_at_97 == 0
    assert threshold_of(answers) == 1.0


def test_no_rows_have_no_figures():
    figures = figures_of([])
    assert (figures.accuracy, figures.macro_f1, figures.labels) == (0.0, 0.0, ())
