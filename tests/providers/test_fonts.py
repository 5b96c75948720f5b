from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection

from studio.providers.local import fonts
from studio.providers.local.fonts import MissingGlyphs, font_for, missing


def forge(name: str, characters: str) -> TTFont:
    """A font of square glyphs for just these characters."""
    pen = TTGlyphPen(None)
    for point, draw in (((0, 0), pen.moveTo), ((0, 700), pen.lineTo), ((500, 700), pen.lineTo)):
        draw(point)
    pen.closePath()
    names = [".notdef", *(f"u{ord(c):x}" for c in characters)]
    builder: Any = FontBuilder(1000, isTTF=True)  # type: ignore[no-untyped-call]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"u{ord(c):x}" for c in characters})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "fullName": name})
    builder.setupOS2()
    builder.setupPost()
    font: TTFont = builder.font
    return font


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine with no fonts but those that a test puts here."""
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path,))
    caches = (fonts._files, fonts._glyphs, fonts._face_names)
    for cached in caches:
        cached.cache_clear()
    yield tmp_path
    for cached in caches:
        cached.cache_clear()


def test_without_any_font_the_small_one_of_pillow_draws_english(folder: Path) -> None:
    assert missing("A quiet harbour, 1926!") == ""
    assert font_for("A quiet harbour", 40).getname()[0] == "Aileron"


def test_what_no_font_can_draw_is_named_once_and_in_order(folder: Path) -> None:
    assert missing("a海辺b海") == "海辺"
    with pytest.raises(MissingGlyphs) as caught:
        font_for("a海辺b海", 40)
    assert caught.value.characters == "海辺"


def test_one_font_must_have_them_all(folder: Path) -> None:
    forge("Left", "ab").save(folder / "left.ttf")
    forge("Right", "海辺").save(folder / "right.ttf")
    assert font_for("海辺", 20).getname()[0] == "Right"
    # The best one lacks the least: no font is glued to another.
    assert missing("海辺a") == "a"


def test_the_preferred_font_wins_over_the_alphabet(folder: Path) -> None:
    forge("Early", "abc").save(folder / "AAA.ttf")
    (folder / "deep").mkdir()
    forge("Serif", "abc").save(folder / "deep" / "DejaVuSerif.ttf")
    assert font_for("abc", 20).getname()[0] == "Serif"


def test_spaces_joiners_and_selectors_need_no_glyph(folder: Path) -> None:
    forge("Heart", "a❤").save(folder / "heart.ttf")
    assert missing("a ❤\ufe0f\n\u200d\ta") == ""


def test_letters_with_marks_are_looked_for_as_one(folder: Path) -> None:
    forge("Umlaut", "o\u00f6").save(folder / "umlaut.ttf")
    assert missing("o\u0308") == ""


@pytest.mark.parametrize(
    ("text", "face"),
    [("海辺の朝", "Serif JP"), ("海辺", "Serif SC"), ("바다", "Serif KR"), ("ab", "Serif SC")],
)
def test_a_collection_gives_the_face_of_the_writing(text: str, face: str, folder: Path) -> None:
    collection: Any = TTCollection()  # type: ignore[no-untyped-call]
    names = ("Serif JP", "Serif SC", "Serif KR")
    collection.fonts = [forge(name, "ab海辺の朝바다") for name in names]
    collection.save(folder / "NotoSerifCJK-Regular.ttc")
    assert font_for(text, 20).getname()[0] == face


def test_a_broken_font_is_passed_over(folder: Path) -> None:
    (folder / "DejaVuSerif.ttf").write_bytes(b"not a font at all")
    (folder / "empty.otf").touch()
    assert font_for("abc", 20).getname()[0] == "Aileron"
