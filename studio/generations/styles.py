"""The looks to choose from: the studio's own, then those that admins added."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from studio.catalogue.specs import Mode, ModelSpec, Value
from studio.catalogue.styles import CHINESE, ENGLISH, FIELD, JAPANESE, STYLES, Style, field_value
from studio.generations.palette import StudioStyle
from studio.lib.writing import language_of

NO_STYLE = Style("", "")


@dataclass(frozen=True)
class AddedStyle(Style):
    """By an admin. `address` is where its picture is; empty without one."""

    address: str = ""


def styles() -> tuple[Style, ...]:
    added = StudioStyle.objects.offered().select_related("picture")
    return (*STYLES, *map(_as_style, added))


def find(key: str) -> Style:
    """No style where there is none of this key (any more)."""
    known = styles() if key.startswith("~") else STYLES
    return next((style for style in known if style.key == key), NO_STYLE)


def name(key: str) -> str:
    """Also of one that an admin has taken away since."""
    own = next((style for style in STYLES if style.key == key), None)
    if own:
        return _(own.name)
    gone = StudioStyle.objects.filter(uid=key.removeprefix("~")).first()
    return gone.name if gone else key


def of_value(value: object) -> str:
    """The look that a vendor's own field names with `value`; plain "general" is none."""
    named = (style.key for style in STYLES if style.value == value and value != "general")
    return next(named, "")


def setting(style: Style, spec: ModelSpec, mode: Mode) -> dict[str, Value]:
    """The model's own field for the look, where it has one."""
    value = field_value(style, spec, mode)
    return {FIELD: value} if value else {}


def adds_words(style: Style, spec: ModelSpec, mode: Mode) -> bool:
    """Whether the look is said in words, because the model has no field for it."""
    return bool(style.key) and spec.prompt.styled and not field_value(style, spec, mode)


def words(style: Style, spec: ModelSpec, mode: Mode, prompt: str, typed: str | None = None) -> str:
    """What the look adds to the prompt, in its language; or what the person made of it."""
    if not adds_words(style, spec, mode):
        return ""
    if typed is None or typed in style.words.values():
        own = get_language() or settings.LANGUAGE_CODE
        return style.words_in(language_of(prompt, otherwise=own))
    return typed


def _as_style(added: StudioStyle) -> Style:
    words = {ENGLISH: added.words_en, CHINESE: added.words_zh, JAPANESE: added.words_ja}
    return AddedStyle(added.key, added.name, words, address=picture_address(added))


def picture_address(added: StudioStyle) -> str:
    """Another one for each picture, since browsers keep what they got; empty without one."""
    if added.picture is None:
        return ""
    return f"{reverse('style_picture', args=[added.uid])}?{added.picture.sha256[:12]}"
