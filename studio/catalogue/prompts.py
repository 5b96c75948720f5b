"""May this prompt be sent? Counted in characters, as the sellers count."""

import unicodedata

from studio.catalogue.rules import Fault
from studio.catalogue.specs import Mode, ModelSpec
from studio.catalogue.words import gettext_noop

# Letters by category, blank to the eye: the fillers of Hangul and the empty Braille cell.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


# After these a sentence is over, and words that follow need no other mark before them.
_ENDS = frozenset(".!?。！？…\n")


def joined(prompt: str, words: str) -> str:
    """The prompt as it is sent: what the person wrote, then the words of the style."""
    said, words = prompt.strip(), words.strip()
    if not said or not words:
        return said or words
    wide = any(map(_is_wide, words))
    mark = "" if said[-1] in _ENDS else "。" if wide else "."
    return said + mark + ("" if wide else " ") + words


def check_prompt(spec: ModelSpec, mode: Mode, prompt: str, style_words: str = "") -> list[Fault]:
    """What a style adds counts towards the limit, but is not yet a prompt."""
    if mode in spec.prompt.required_in and not _is_visible(prompt):
        return [Fault("prompt", "no_prompt", gettext_noop("Please write a prompt."))]
    given = len(joined(prompt, style_words)) if style_words else len(prompt)
    if given > spec.prompt.limit:
        message = gettext_noop("The prompt is too long: %(given)s of %(limit)s characters.")
        shown = {"given": given, "limit": spec.prompt.limit}
        return [Fault("prompt", "prompt_too_long", message, shown)]
    return []


def _is_visible(text: str) -> bool:
    """Whether any character leaves ink: not a space, control, format or mere accent."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK_LETTERS for c in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
