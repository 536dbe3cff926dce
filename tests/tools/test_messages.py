import pytest
from babel.messages.catalog import Catalog

from tools import messages

Text = str | tuple[str, ...]


def catalogue(*entries: tuple[Text, Text]) -> Catalog:
    made = Catalog(locale="zh_Hans")
    for source, text in entries:
        made.add(source, text)
    return made


def test_a_complete_catalogue_has_no_problem() -> None:
    texts = catalogue(("Close", "关闭"), ("%(n)s left", "剩余%(n)s"))
    assert messages.problems(texts, texts) == []


@pytest.mark.parametrize(
    ("source", "text", "fault"),
    [
        ("Close", "", "without Chinese: Close"),
        ("%(n)s left", "剩余", "placeholders differ: %(n)s left"),
        ("%(n)s left", "剩余%(m)s", "placeholders differ: %(n)s left"),
        (("%(n)d day", "%(n)d days"), ("天",), "placeholders differ: %(n)d day"),
        (("%(n)d day", "%(n)d days"), ("",), "without Chinese: %(n)d day"),
    ],
)
def test_a_text_that_a_reader_would_see_broken_is_named(
    source: Text, text: Text, fault: str
) -> None:
    texts = catalogue((source, text))
    assert messages.problems(texts, texts) == [fault]


def test_chinese_has_one_form_for_every_number() -> None:
    texts = catalogue((("one day", "%(n)d days"), ("%(n)d 天",)))
    assert messages.problems(texts, texts) == []


def test_a_guess_by_the_tools_is_not_taken_for_a_translation() -> None:
    texts = catalogue()
    texts.add("Close", "开启", flags=["fuzzy"])
    assert messages.problems(texts, texts) == ["fuzzy: Close"]


def test_a_catalogue_behind_the_sources_is_named_both_ways() -> None:
    found = messages.problems(catalogue(("New", "")), catalogue(("Old", "旧")))
    assert found == [
        "not in the catalogue (make messages): New",
        "no longer in the sources (make messages): Old",
    ]


def test_texts_of_templates_and_of_python_are_both_extracted() -> None:
    sources = {messages.key(message) for message in messages.extracted()}
    assert "A notice is not a fix." in sources
