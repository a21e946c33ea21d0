import gettext
import os

import pytest

from config import translations
from config.translations import Found

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one app, `cases`, and a way to give it sources and a catalogue."""
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "APPS", ("cases",))
    monkeypatch.setattr(translations.catalogues, "__defaults__", (tmp_path,))

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def catalogue(project, *entries, owner="cases/"):
    path = f"{owner}locale/zh_Hans/LC_MESSAGES/django.po"
    return project(path, PO + "\n\n".join(entries) + "\n")


def test_messages_are_found_in_python_and_in_templates_of_the_app(project):
    project("cases/models.py", '_("Case")\nngettext("%(n)d case", "%(n)d cases", n)\n')
    project("templates/cases/a.html", '<p>\n  {% translate "Open" %}\n</p>\n')
    project("templates/page.html", "{% blocktranslate %}{{ n }} rows{% endblocktranslate %}")
    assert list(translations.messages()) == [
        Found("cases", "cases/models.py:1", "Case", None),
        Found("cases", "cases/models.py:2", ("%(n)d case", "%(n)d cases"), None),
        Found("cases", "templates/cases/a.html:2", "Open", None),
        Found("shared", "templates/page.html:1", "%(n)s rows", None),
    ]


def test_a_complete_catalogue_has_no_faults(project):
    project("cases/models.py", 'pgettext("noun", "Case")\n_("%(n)s left")\n')
    catalogue(
        project,
        'msgctxt "noun"\nmsgid "Case"\nmsgstr "事项"',
        'msgid "%(n)s left"\nmsgstr "还剩 %(n)s"',
    )
    assert translations.faults() == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Case"\nmsgstr ""', "cases/models.py:1: no Chinese: 'Case'"),
        ('#, fuzzy\nmsgid "Case"\nmsgstr "事项"', "cases/models.py:1: no Chinese: 'Case'"),
        ('msgid "Other"\nmsgstr "其他"', "cases/models.py:1: no Chinese: 'Case'"),
    ],
)
def test_a_message_without_chinese_is_named_with_its_place(project, entry, fault):
    project("cases/models.py", '_("Case")\n')
    catalogue(project, entry)
    assert translations.faults()[0] == fault


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('#, fuzzy\nmsgid "Due in %(n)s"\nmsgstr "剩 %(n)s"', "fuzzy: 'Due in %(n)s'"),
        ('msgid "Due in %(n)s"\nmsgstr "剩"', "other placeholders: 'Due in %(n)s'"),
        ('msgid "Gone"\nmsgstr "没了"', "used nowhere: 'Gone'"),
        ('#~ msgid "Old"\n#~ msgstr "旧"', "obsolete: 'Old'"),
    ],
)
def test_a_catalogue_that_is_out_of_order_is_refused(project, entry, fault):
    project("cases/models.py", '_("Due in %(n)s")\n')
    catalogue(project, entry)
    assert translations.faults()[-1].partition(".po: ")[2] == fault


def test_a_message_has_one_chinese_for_each_context(project):
    project("cases/models.py", '_("Lead")\npgettext("duty", "Lead")\n')
    in_a_duty = 'msgctxt "duty"\nmsgid "Lead"\nmsgstr "主责单位"'
    catalogue(project, 'msgid "Lead"\nmsgstr "主责"', in_a_duty)
    catalogue(project, in_a_duty, owner="")
    assert translations.faults() == []
    catalogue(project, 'msgid "Lead"\nmsgstr "主责单位"', owner="")
    assert translations.faults() == [
        "locale/zh_Hans/LC_MESSAGES/django.po: other Chinese elsewhere: 'Lead'"
    ]


def test_no_two_apps_say_one_message_differently():
    assert translations.contradictions() == []


def test_update_adds_what_is_missing_and_drops_what_is_unused(project):
    project("cases/models.py", '_("Case")\n_("Task")\n')
    path = catalogue(project, 'msgid "Case"\nmsgstr "事项"', 'msgid "Gone"\nmsgstr "没了"')
    translations.update()
    translations.update()
    assert path.read_text(encoding="utf-8") == (
        translations.HEADER + 'msgid "Case"\nmsgstr "事项"\n\nmsgid "Task"\nmsgstr ""\n\n'
    )


def test_stale_catalogues_are_compiled_once(project):
    path = catalogue(project, 'msgid "Case"\nmsgstr "事项"')
    assert translations.compile_stale() == 1
    assert translations.compile_stale() == 0
    os.utime(path, (2_000_000_000, 2_000_000_000))
    assert translations.compile_stale() == 1
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Case") == "事项"


@pytest.mark.parametrize("wrong", [[], ["other"], ["check", "more"]])
def test_the_command_line_says_what_it_takes(wrong, capsys):
    assert translations.main(wrong) == 2
    assert capsys.readouterr().err == "Say compile, update or check.\n"
