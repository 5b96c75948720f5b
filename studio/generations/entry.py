"""What stands in the Create form, right or wrong, as it is typed, kept and come back to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from studio.catalogue import rules, shapes
from studio.catalogue import styles as looks
from studio.catalogue.load import catalogue
from studio.catalogue.specs import Mode
from studio.generations import styles
from studio.generations.models import Generation, Order
from studio.generations.ways import LEAST_EACH, MOST_EACH, PLACES, Place, Way
from studio.lib import uid as uids
from studio.lib.written import PRESSED, mark

# Before the name of a setting, so that no vendor's spelling can meet one of our own fields;
# before the name of a field of the prompt helper; and before the uid of a picture with a box.
SETTING, HELPER, BOX = "set.", "helper.", "box."
# Far above any seller's limit; what is longer is cut before anybody counts it.
MOST_CHARACTERS = 500_000
MOST_OF_A_FIELD = 2_000
# One more than any way takes, so that too many are seen to be too many.
MOST_PICTURES = MOST_EACH + 1
_SHAPE = re.compile("[1-9][0-9]?:[1-9][0-9]?")


@dataclass(frozen=True)
class Entry:
    """As typed: `pictures` are uids by place, `settings` texts in the vendor's spelling.

    `style_words` None: as the style says them. `shape` empty: as the picture, or the model's own.
    `slate`: the name on an animatic. `helper`: the prompt helper's fields. `earlier`: the prompt
    before one press replaced it, to go back to. `boxes`: how pictures were cropped, by uid, as
    "left,top,width" in the original's pixels, to begin with when the box is moved.
    """

    way: Way = Way.IMAGE
    model: str = ""
    prompt: str = ""
    pictures: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    takes: int = 1
    project: str = ""
    style: str = ""
    style_words: str | None = None
    shape: str = ""
    slate: str = ""
    helper: Mapping[str, str] = field(default_factory=dict)
    earlier: str = ""
    boxes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_post(cls, post: QueryDict) -> "Entry":
        style = _text(post.get("style"))
        # The words on the page belong to the style that was chosen when it was drawn.
        is_same_style = style == _text(post.get("style_shown"))
        model = _text(post.get("model"))
        typed = cls(
            way=_way(post.get("mode")),
            model=_text(post.get("model_shown")) or model,
            prompt=_text(post.get("prompt"), MOST_CHARACTERS),
            pictures={place: _uids(post.getlist(place)) for place in Place},
            settings=_prefixed(post, SETTING),
            takes=_number(post.get("takes")),
            project=uids.read(post.get("project")),
            style=style,
            style_words=_optional(post.get("style_words")) if is_same_style else None,
            shape=_shape(post.get("shape")),
            slate=_text(post.get("slate")),
            helper=_prefixed(post, HELPER),
            earlier=_text(post.get("earlier"), MOST_CHARACTERS),
            boxes=_prefixed(post, BOX),
        )
        return typed.with_model(model)

    @classmethod
    def from_draft(cls, data: Mapping[str, Any]) -> "Entry":
        pictures = data.get("pictures", {})
        return cls(
            way=_way(data.get("mode")),
            model=data.get("model", ""),
            prompt=data.get("prompt", ""),
            pictures={place: tuple(pictures.get(place, ())) for place in Place},
            settings=data.get("settings", {}),
            takes=data.get("takes", 1),
            project=data.get("project", ""),
            style=data.get("style", ""),
            style_words=data.get("style_words"),
            shape=_shape(data.get("shape")),
            slate=data.get("slate", ""),
            helper=data.get("helper", {}),
            earlier=data.get("earlier", ""),
            boxes=data.get("boxes", {}),
        )

    @classmethod
    def from_generation(cls, generation: Generation) -> "Entry":
        """The brief of a clip, to be used again."""
        inputs = list(generation.inputs.select_related("asset"))
        given = dict(generation.parameters)
        shape, look = given.pop(shapes.FIELD, ""), given.pop(looks.FIELD, "")
        style = generation.style or styles.of_value(look)
        return cls(
            way=Way(generation.mode),
            model=generation.model,
            prompt=generation.prompt,
            pictures={p: tuple(i.asset.uid for i in inputs if i.role == p) for p in Place},
            settings={name: rules.spell(value) for name, value in given.items()},
            project=generation.project.uid,
            style=style,
            style_words=generation.style_words if generation.style_words else None,
            shape=_shape(shape),
        )

    @classmethod
    def from_order(cls, order: Order) -> "Entry":
        """The briefs of one press: those of many pictures are one clip each."""
        first = order.generations.order_by("number")[0]
        entry, pictures = cls.from_generation(first), [asset.uid for asset in order.pictures]
        if first.mode != Mode.IMAGE or len(pictures) < LEAST_EACH:
            return entry
        return replace(entry, way=Way.EACH).with_pictures(Place.EACH, pictures)

    def as_draft(self) -> dict[str, Any]:
        return {
            "mode": self.way,
            "model": self.model,
            "prompt": self.prompt,
            "pictures": {place: list(uids) for place, uids in self.pictures.items()},
            "settings": dict(self.settings),
            "takes": self.takes,
            "project": self.project,
            "style": self.style,
            "style_words": self.style_words,
            "shape": self.shape,
            "slate": self.slate,
            "helper": dict(self.helper),
            "earlier": self.earlier,
            "boxes": dict(self.boxes),
        }

    # ── Pictures ──────────────────────────────────────────────────────────────────────────────

    def with_picture(self, place: Place, uid: str) -> "Entry":
        """A frame takes the place of the one that is there; where many lie, it joins them."""
        others = self.pictures.get(place, ()) if place.holds_many else ()
        return self.with_pictures(place, (*(other for other in others if other != uid), uid))

    def without_picture(self, place: Place, uid: str) -> "Entry":
        return self.with_pictures(place, (u for u in self.pictures.get(place, ()) if u != uid))

    def with_pictures(self, place: Place, uids: Iterable[str]) -> "Entry":
        return replace(self, pictures={**self.pictures, place: tuple(filter(None, uids))})

    def instead(self, old: str, new: str) -> "Entry":
        """`new` wherever this way has `old`, in the same place and order."""
        entry = self
        for place in self.places:
            kept = self.pictures.get(place, ())
            swapped = dict.fromkeys(new if uid == old else uid for uid in kept)
            entry = entry.with_pictures(place, swapped)
        return entry

    def begin_with(self, uid: str) -> "Entry":
        """The picture as start frame; in another way than those with one, in the image mode."""
        way = self.way if Place.START in self.places else Way.IMAGE
        return replace(self, way=way).with_picture(Place.START, uid)

    def between(self, start: str, end: str) -> "Entry":
        way = replace(self, way=Way.START_END)
        return way.with_picture(Place.START, start).with_picture(Place.END, end)

    # ── What it means ─────────────────────────────────────────────────────────────────────────

    def saying(self, prompt: str) -> "Entry":
        """Another prompt, written by a press and not by hand: the one before can come back.

        However many presses follow one another, the way back leads to what the person wrote.
        """
        if prompt == self.prompt:
            return self
        is_by_hand = self.helper.get(PRESSED) != mark(self.prompt)
        keeps_way_back = not is_by_hand and self.earlier not in ("", prompt)
        return replace(
            self,
            prompt=prompt,
            earlier=self.earlier if keeps_way_back else self.prompt,
            helper={**self.helper, PRESSED: mark(prompt)},
        )

    def with_setting(self, name: str, text: str) -> "Entry":
        """Set one of the model's fields, wherever the form asks for it; "" leaves it out."""
        if name == shapes.FIELD:
            return replace(self, shape=_shape(text))
        if name == looks.FIELD:
            return replace(self, style=text, style_words=None)
        return replace(self, settings={**self.settings, name: text})

    def with_model(self, key: str) -> "Entry":
        """Another model. What was only the default of the one before stays behind with it: the
        same name may mean something else there.
        """
        before = catalogue().models.get(self.model)
        if before is None or before.key == key:
            return replace(self, model=key)
        usual = {p.name: rules.spell(p.default) for p in before.parameters if p.default is not None}
        kept = {name: text for name, text in self.settings.items() if text != usual.get(name)}
        return replace(self, model=key, settings=kept)

    @property
    def mode(self) -> Mode:
        return self.way.mode

    @property
    def places(self) -> tuple[Place, ...]:
        return PLACES[self.way]

    @property
    def uids(self) -> list[str]:
        """The pictures that count in this way, in the order of their places."""
        return [uid for place in self.places for uid in self.pictures.get(place, ())]


def _way(value: str | None) -> Way:
    return Way(value) if value in set(Way) else Way.IMAGE


def _shape(value: str | None) -> str:
    """ "16:9", or nothing; whether the model has it is for others to say."""
    return value if value and _SHAPE.fullmatch(value) else ""


def _text(value: str | None, most: int = 200) -> str:
    """Without NUL, which no database takes; lines end as people count them, in one character."""
    return (value or "").replace("\x00", "").replace("\r\n", "\n")[:most]


def _optional(value: str | None) -> str | None:
    return None if value is None else _text(value)


def _prefixed(post: QueryDict, prefix: str) -> dict[str, str]:
    names = [name for name in post if name.startswith(prefix)]
    return {
        _text(name.removeprefix(prefix)): _text(post.get(name), MOST_OF_A_FIELD) for name in names
    }


def _uids(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(uids.read, values))))[:MOST_PICTURES]


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 4 else 0
