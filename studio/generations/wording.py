"""The prompt helper: what a good prompt says, after the makers' own advice, and how it is joined.

With words alone: the shot, the light, the subject and its description, the place, the mood. With
pictures: the subject and what moves, and no more, since the rest is to be seen already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from studio.accounts.models import User
from studio.catalogue.prompts import joined
from studio.generations.entry import Entry
from studio.generations.ways import Way
from studio.lib.written import WRITTEN, mark, without_tail


@dataclass(frozen=True)
class Part:
    """A field of the helper, with words to choose from. `hint`: what somebody might write."""

    name: str
    word: Promise
    hint: Promise
    choices: tuple[Promise, ...]


@dataclass(frozen=True)
class Field:
    part: Part
    value: str


# Each list is one sentence.
WITH_WORDS = (
    (
        Part(
            "shot",
            pgettext_lazy("part of a prompt", "Shot"),
            _("How near, and from where"),
            (
                pgettext_lazy("in a prompt", "close-up"),
                pgettext_lazy("in a prompt", "medium shot"),
                pgettext_lazy("in a prompt", "wide shot"),
                pgettext_lazy("in a prompt", "from above"),
                pgettext_lazy("in a prompt", "camera following"),
            ),
        ),
        Part(
            "light",
            pgettext_lazy("part of a prompt", "Light"),
            _("Time of day, and where it comes from"),
            (
                pgettext_lazy("in a prompt", "soft morning light"),
                pgettext_lazy("in a prompt", "faint evening glow"),
                pgettext_lazy("in a prompt", "backlight"),
                pgettext_lazy("in a prompt", "neon at night"),
                pgettext_lazy("in a prompt", "even studio light"),
            ),
        ),
    ),
    (
        Part(
            "subject",
            pgettext_lazy("part of a prompt", "Subject"),
            _("Who or what, and what they do"),
            (
                pgettext_lazy("in a prompt", "a young woman walking"),
                pgettext_lazy("in a prompt", "a child running"),
                pgettext_lazy("in a prompt", "a cat stretching"),
                pgettext_lazy("in a prompt", "a bottle on a table"),
            ),
        ),
        Part(
            "description",
            pgettext_lazy("part of a prompt", "Description"),
            _("Looks, clothes, colours, material"),
            (
                pgettext_lazy("in a prompt", "wearing a red coat"),
                pgettext_lazy("in a prompt", "with bright feathers"),
                pgettext_lazy("in a prompt", "in matt black metal"),
                pgettext_lazy("in a prompt", "wet with rain"),
            ),
        ),
        Part(
            "place",
            pgettext_lazy("part of a prompt", "Place"),
            _("Where, and what is behind"),
            (
                pgettext_lazy("in a prompt", "in a narrow street"),
                pgettext_lazy("in a prompt", "at the seaside"),
                pgettext_lazy("in a prompt", "in a birch forest"),
                pgettext_lazy("in a prompt", "tall buildings in the background"),
            ),
        ),
    ),
    (
        Part(
            "mood",
            pgettext_lazy("part of a prompt", "Mood"),
            _("How it feels"),
            (
                pgettext_lazy("in a prompt", "calm mood"),
                pgettext_lazy("in a prompt", "joyful mood"),
                pgettext_lazy("in a prompt", "tense mood"),
                pgettext_lazy("in a prompt", "dreamlike mood"),
            ),
        ),
    ),
)
WITH_PICTURES = (
    (
        Part(
            "subject",
            pgettext_lazy("with background", "Subject"),
            _("Who or what is seen, and before what"),
            (
                pgettext_lazy("in a prompt", "the person in the picture"),
                pgettext_lazy("in a prompt", "the product in the picture"),
                pgettext_lazy("in a prompt", "the whole scene"),
            ),
        ),
        Part(
            "motion",
            pgettext_lazy("part of a prompt", "Motion"),
            _("What moves, and how; few and clear"),
            (
                pgettext_lazy("in a prompt", "slow push-in"),
                pgettext_lazy("in a prompt", "slow pull-out"),
                pgettext_lazy("in a prompt", "pan to the left"),
                pgettext_lazy("in a prompt", "pan to the right"),
                pgettext_lazy("in a prompt", "camera circling"),
                pgettext_lazy("in a prompt", "camera still"),
                pgettext_lazy("in a prompt", "turning the head"),
                pgettext_lazy("in a prompt", "smiling happily"),
                pgettext_lazy("in a prompt", "walking forward"),
                pgettext_lazy("in a prompt", "hair moving in the wind"),
                pgettext_lazy("in a prompt", "steam rising"),
                pgettext_lazy("in a prompt", "water rippling"),
            ),
        ),
    ),
)
# Marks with which somebody may have ended a part; ours come between and after.
_ENDS = " \n.,;:!?…。，、；：！？．"


def sentences(way: Way) -> tuple[tuple[Part, ...], ...]:
    return WITH_WORDS if way is Way.TEXT else WITH_PICTURES


def fields(entry: Entry) -> tuple[Field, ...]:
    parts = [part for sentence in sentences(entry.way) for part in sentence]
    return tuple(Field(part, entry.helper.get(part.name, "")) for part in parts)


def composed(entry: Entry) -> str:
    """The fields as plain words in the language of the moment; empty where nothing was said."""
    said = (_sentence(entry, parts) for parts in sentences(entry.way))
    return _folded(_beside, [sentence for sentence in said if sentence])


def _sentence(entry: Entry, parts: Sequence[Part]) -> str:
    typed = (entry.helper.get(part.name, "").strip(_ENDS) for part in parts)
    said = listed([text for text in typed if text])
    return (
        pgettext("a sentence of a prompt", "%(words)s.") % {"words": _begun(said)} if said else ""
    )


def _begun(said: str) -> str:
    """With a capital, unless the first word has capitals of its own."""
    first = said.partition(" ")[0]
    return said[:1].upper() + said[1:] if first == first.lower() else said


def listed(texts: Sequence[str]) -> str:
    """ "this, that", with the commas of the language."""
    return _folded(_after_comma, texts)


def _folded(pair: Callable[[str, str], str], texts: Sequence[str]) -> str:
    return reduce(pair, texts) if texts else ""


def _after_comma(first: str, second: str) -> str:
    return pgettext("a list", "%(first)s, %(second)s") % {"first": first, "second": second}


def _beside(first: str, second: str) -> str:
    return pgettext("sentences", "%(first)s %(second)s") % {"first": first, "second": second}


# ── Into the prompt ───────────────────────────────────────────────────────────────────────────


def write(_person: User, entry: Entry, _post: QueryDict) -> Entry:
    """Instead of what the helper wrote last; after words of the person's own."""
    text = composed(entry)
    if not text:
        return entry
    own = without_tail(entry.prompt, entry.helper.get(WRITTEN, ""))
    said = entry.saying(joined(own, text))
    return replace(said, helper={**said.helper, WRITTEN: mark(text)})
