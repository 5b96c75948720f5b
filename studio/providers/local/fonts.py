"""The first installed font that has every glyph of a text.

The form asks before an order, the renderer when it draws; both read only these folders, so that
they find the same font although the renderer's environment is empty.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.ttCollection import TTCollection
from PIL import ImageFont

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
)
# Faces made for reading at length, and those for Chinese, Japanese and Korean, come first.
_PREFERRED = (
    "SourceSerif4-Regular",
    "NotoSerif-Regular",
    "EBGaramond-Regular",
    "NotoSerifCJK-Regular",
    "LiberationSerif-Regular",
    "DejaVuSerif",
    "NotoSansCJK-Regular",
    "DejaVuSans",
)
# The name of the face in a collection, by the writing that is its own.
_REGIONS = (("HIRAGANA", " JP"), ("KATAKANA", " JP"), ("HANGUL", " KR"))


class MissingGlyphs(Exception):
    """No one font has them all; `characters` are what the best one lacks."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"no font has {characters}")
        self.characters = characters


@dataclass(frozen=True)
class Face:
    """One face of a font file; `path` None is the small one that comes with Pillow."""

    path: Path | None
    index: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        if self.path is None:
            font = ImageFont.load_default(size)
            assert isinstance(font, ImageFont.FreeTypeFont)
            return font
        return ImageFont.truetype(str(self.path), size, index=self.index)


def missing(text: str) -> str:
    """The characters that no one installed font has, in order; empty when all can be drawn."""
    try:
        _face_for(text)
    except MissingGlyphs as error:
        return error.characters
    return ""


def font_for(text: str, size: int) -> ImageFont.FreeTypeFont:
    """The font to draw `text` with, `size` pixels high. Raises MissingGlyphs."""
    return _face_for(text).at(size)


def _face_for(text: str) -> Face:
    needed = drawn(text)
    lacks = []
    for path in _files():
        lack = needed - _glyphs(path)
        if not lack:
            return Face(path, _index(path, text))
        lacks.append(lack)
    fewest = min(lacks, key=len)
    raise MissingGlyphs("".join(sorted(map(chr, fewest), key=text.find)))


def drawn(text: str) -> frozenset[int]:
    """The code points that need a glyph: no spaces, no controls, no joiners, no selectors."""
    normal = unicodedata.normalize("NFC", text)
    return frozenset(
        ord(c)
        for c in normal
        if unicodedata.category(c)[0] not in "CZ" and "VARIATION SELECTOR" not in _named(c)
    )


def _named(character: str) -> str:
    return unicodedata.name(character, "")


@cache
def _files() -> tuple[Path | None, ...]:
    """Every installed font file, the preferred first, Pillow's own last."""
    found = sorted(
        path
        for folder in FOLDERS
        for ending in ("ttf", "otf", "ttc")
        for path in folder.rglob(f"*.{ending}")
        # Pictures instead of outlines.
        if "Emoji" not in path.name
    )
    return (*sorted(found, key=_rank), None)


def _rank(path: Path) -> tuple[int, str]:
    upright = path.stem in _PREFERRED
    return (_PREFERRED.index(path.stem) if upright else len(_PREFERRED), path.name)


@cache
def _glyphs(path: Path | None) -> frozenset[int]:
    source: Any = path or Face(None).at(10).path
    try:
        with TTFont(source, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError):
        # A broken font on the machine is one that has no glyphs.
        return frozenset()


def _index(path: Path | None, text: str) -> int:
    """Which face of a collection: one character is drawn differently in Tokyo and Beijing."""
    if path is None or path.suffix != ".ttc":
        return 0
    wanted = (r for script, r in _REGIONS if any(script in _named(c) for c in text))
    region = next(wanted, " SC")
    return next((i for i, name in enumerate(_face_names(path)) if region in name), 0)


@cache
def _face_names(path: Path) -> tuple[str, ...]:
    with TTCollection(path, lazy=True) as collection:  # type: ignore[no-untyped-call]
        return tuple(font["name"].getDebugName(4) or "" for font in collection.fonts)
