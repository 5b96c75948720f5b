"""Prompts kept for again, for everybody in their project. `{field}` in one is filled in anew."""

import re
import unicodedata
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from studio.accounts.models import Project, User
from studio.generations.briefs import Problem, Refused
from studio.generations.entry import Entry
from studio.generations.palette import SavedPrompt
from studio.lib import clock
from studio.lib import uid as uids

MOST_FIELDS = 10
MOST_CHARACTERS = 5000
LONGEST_NAME = 80
# Before the number of a field, where one is filled in: "fill.<uid of the prompt>.0".
FILL = "fill."
_BRACED = re.compile(r"\{([^{}\n]{1,40})\}")


# ── Fields ────────────────────────────────────────────────────────────────────────────────────


def fields(text: str) -> tuple[str, ...]:
    """The names in braces, each once. Braces around anything else are plain text."""
    names = (_name(found[1]) for found in _BRACED.finditer(text))
    return tuple(dict.fromkeys(filter(None, names)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """With `values` in the places of their names; a field without one stays as it is."""
    return _BRACED.sub(lambda found: values.get(_name(found[1])) or found[0], text)


def _name(inside: str) -> str:
    """What stands in braces as a name: words of any script, beginning with a letter."""
    name = unicodedata.normalize("NFC", " ".join(inside.split()))
    is_name = name[:1].isalpha() and all(c in " -_" or _is_of_word(c) for c in name)
    return name if is_name else ""


def _is_of_word(character: str) -> bool:
    """A letter, an accent on one, a digit."""
    return unicodedata.category(character)[0] in "LMN"


# ── To keep, to call otherwise, to take away ──────────────────────────────────────────────────


def save(person: User, project: Project, name: str, text: str) -> SavedPrompt:
    """The caller has seen to it that `person` may change `project`. Raises `Refused`."""
    name, text = _checked_name(name), _checked_text(text)
    try:
        with transaction.atomic():
            return SavedPrompt.objects.create(project=project, person=person, name=name, text=text)
    except IntegrityError as error:
        raise _taken() from error


def rename(prompt: SavedPrompt, name: str) -> None:
    """Raises `Refused`."""
    _update(prompt, name=_checked_name(name))


def remove(prompt: SavedPrompt) -> None:
    SavedPrompt.objects.kept().filter(pk=prompt.pk).update(deleted_at=clock.now())


def restore(prompt: SavedPrompt) -> None:
    """Raises `Refused` where another one has its name by now."""
    _update(prompt, deleted_at=None)


def _update(prompt: SavedPrompt, **changed: object) -> None:
    try:
        with transaction.atomic():
            SavedPrompt.objects.filter(pk=prompt.pk).update(**changed)
    except IntegrityError as error:
        raise _taken() from error


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise _refused("name", _("Please give it a name."))
    if len(name) > LONGEST_NAME:
        message = _("The name is too long: %(given)s of %(limit)s characters.")
        raise _refused("name", message % {"given": len(name), "limit": LONGEST_NAME})
    return name


def _checked_text(text: str) -> str:
    text = text.strip()
    if not text:
        raise _refused("text", _("Please write a prompt first."))
    if len(text) > MOST_CHARACTERS:
        message = _("The prompt is too long to keep: %(given)s of %(limit)s characters.")
        raise _refused("text", message % {"given": len(text), "limit": MOST_CHARACTERS})
    if len(fields(text)) > MOST_FIELDS:
        message = _("The prompt has %(given)s fields; at most %(limit)s can be kept.")
        raise _refused("text", message % {"given": len(fields(text)), "limit": MOST_FIELDS})
    return text


def _taken() -> Refused:
    return _refused("name", _("Another prompt here has this name. Please choose another one."))


def _refused(field: str, message: str) -> Refused:
    return Refused([Problem(field, "saved_prompt", message)])


# ── Into the prompt ───────────────────────────────────────────────────────────────────────────


def use(person: User, entry: Entry, post: QueryDict) -> Entry:
    """The prompt that was pressed, with what was filled in. Not theirs is not there."""
    mine = SavedPrompt.objects.visible_to(person).kept()
    prompt = get_object_or_404(mine, uid=uids.read(post.get("use")))
    names = enumerate(fields(prompt.text))
    values = {name: post.get(f"{FILL}{prompt.uid}.{n}", "").strip() for n, name in names}
    safe = {name: value.replace("\x00", "") for name, value in values.items()}
    return entry.saying(filled(prompt.text, safe))
