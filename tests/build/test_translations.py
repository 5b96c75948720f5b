"""Every string of the studio is found, and said in each of its languages."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import to_locale

from tests.build.sources import ROOT, modules, templates

LOCALES = [to_locale(code) for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
SOURCES = ("manage.py", "studio", "templates")

# The same in every language: units and addresses.
SAME = {"fps", "%(n)s fps", "docs.z.ai/guides/video/vidu2"}
# What a translation must hold just as its original does.
FIXED = re.compile(r"%\(\w+\)\w|%%|{{.*?}}|<[^>]+>")

# Letters in templates that are no words to translate: names, units, keys.
NO_WORDS = re.compile(r"Seed Studio|SHA-256|JPEG|PNG|\bpx\b|\bX\b")
TEMPLATE_CODE = re.compile(
    r"{#.*?#}|{% comment.*?endcomment %}|{% blocktranslate.*?endblocktranslate %}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
READ_ALOUD = re.compile(r'\b(?:title|alt|aria-label|placeholder)="([^"]*)"')
# And attributes that a template adds to another one's tag.
TAG = re.compile(r'<[^>]*>|[a-z-]+="[^"]*"')

in_each_language = pytest.mark.parametrize("locale", LOCALES)


def file_of(locale: str, root: Path = ROOT) -> Path:
    return root / "studio" / "locale" / locale / "LC_MESSAGES" / "django.po"


def catalog(locale: str, root: Path = ROOT) -> Catalog:
    with file_of(locale, root).open("rb") as file:
        return read_po(file, locale=locale)


def messages(locale: str, root: Path = ROOT) -> list[Message]:
    return [message for message in catalog(locale, root) if message.id]


def original(message: Message) -> str:
    """With a plural, that one: our languages have a single form, which serves every number."""
    return _form(message.id, 1)


def translated(message: Message) -> str:
    return _form(message.string, 0)


def _form(text: str | Sequence[str] | None, number: int) -> str:
    return text if isinstance(text, str) else text[number] if text else ""


@in_each_language
def test_every_string_is_translated(locale: str) -> None:
    assert [original(m) for m in messages(locale) if not translated(m).strip()] == []


@in_each_language
def test_no_translation_is_a_guess(locale: str) -> None:
    assert [original(m) for m in messages(locale) if m.fuzzy] == []


@in_each_language
def test_no_translation_stands_for_a_string_that_is_gone(locale: str) -> None:
    assert [m.id for m in catalog(locale).obsolete.values()] == []


@in_each_language
def test_placeholders_and_tags_stay_as_they_are(locale: str) -> None:
    wrong = [
        translated(m)
        for m in messages(locale)
        if sorted(FIXED.findall(translated(m))) != sorted(FIXED.findall(original(m)))
    ]
    assert wrong == []


@in_each_language
def test_nothing_is_left_in_english(locale: str) -> None:
    same = {original(m) for m in messages(locale) if translated(m) == original(m)}
    assert same - SAME == set()


@in_each_language
def test_one_form_serves_every_number(locale: str) -> None:
    assert catalog(locale).num_plurals == 1
    forms = [m.string for m in messages(locale) if m.pluralizable]
    assert forms and {len(form) for form in forms if form is not None} == {1}


@in_each_language
def test_the_file_names_no_person(locale: str) -> None:
    assert "@" not in file_of(locale).read_text()


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which the strings have just been collected anew."""
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed; .ci/run installs it")
    root = tmp_path_factory.mktemp("words")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    environment = os.environ | {"STUDIO_DATA_DIR": str(root / "var")}
    command = [sys.executable, "manage.py", "makemessages", "--verbosity", "0"]
    subprocess.run(command, cwd=root, env=environment, check=True)
    return root


def keys(locale: str, root: Path = ROOT) -> set[tuple[str, str]]:
    return {(m.context or "", original(m)) for m in messages(locale, root)}


@in_each_language
def test_the_file_holds_exactly_the_strings_of_the_studio(locale: str, collected: Path) -> None:
    there, here = keys(locale, collected), keys(locale)
    assert there - here == set(), "run make messages, then translate what is new"
    assert here - there == set(), "run make messages: nobody says this any more"


def test_the_words_of_the_catalogue_are_among_them(collected: Path) -> None:
    shown = {text for _, text in keys(LOCALES[0], collected)}
    assert {
        "Adds background music.",  # a parameter's note
        "card says 5",  # about a model's length
        "Micro-dramas",  # what it is good for
        "Vidu makes 8 seconds at 720p only.",  # the reason of a limit
        "The lists name Q1 at 80 credits in any mode, and do not name Q1 Classic.",
        "Made on this machine, costs nothing and needs no key.",
        "Z.ai's price of the same model",
    } <= shown


def test_no_string_hides_in_an_f_string() -> None:
    """The tool that collects them does not look into one."""
    found = [
        f"{module.name}:{call.lineno}"
        for module in modules()
        for joined in ast.walk(module.tree)
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and _is_gettext(call.func)
    ]
    assert found == []


def _is_gettext(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and (function.id == "_" or "gettext" in function.id)


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_says_nothing_that_cannot_be_translated(path: Path) -> None:
    markup = TEMPLATE_CODE.sub("", path.read_text())
    said = [*READ_ALOUD.findall(markup), *TAG.sub("\n", markup).splitlines()]
    assert [text for text in said if re.search("[A-Za-z]", NO_WORDS.sub("", text))] == []
