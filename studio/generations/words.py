"""What people read for the vendors' spelling. A name without an entry is shown as it is."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from studio.catalogue import shapes, styles
from studio.catalogue.specs import Role, Value
from studio.generations.models import GenerationEvent
from studio.generations.states import State
from studio.generations.ways import Place, Way

WAYS: dict[Way, Promise] = {
    Way.IMAGE: _("Start"),
    Way.START_END: _("Start + end"),
    Way.REFERENCE: _("References"),
    Way.EACH: _("One clip each"),
    Way.TEXT: _("Words"),
}
PLACES: dict[Place, Promise] = {
    Place.START: _("Start"),
    Place.END: _("End"),
    Place.REFERENCE: _("Reference"),
    Place.EACH: _("Picture"),
}
# Parameters that the form asks for at a place of their own.
ASKED_ELSEWHERE = frozenset({shapes.FIELD, styles.FIELD})

ROLES: dict[Role, Promise] = {
    Role.START: _("Start"),
    Role.END: _("End"),
    Role.REFERENCE: _("Reference"),
}
PARAMETERS: dict[str, Promise] = {
    "aspect_ratio": _("Shape"),
    "audio": _("Sound"),
    "bgm": _("Music"),
    "duration": _("Length"),
    "fit": _("Other shapes"),
    "fps": _("Frames per second"),
    "is_rec": _("Improve the prompt"),
    "motion": _("Motion"),
    "movement_amplitude": _("Amount of movement"),
    "off_peak": _("Off-peak"),
    "quality": _("Quality"),
    "request_id": _("Request id"),
    "resolution": _("Resolution"),
    "seed": _("Seed"),
    "size": _("Size"),
    "slate": _("Slate"),
    "style": _("Style"),
    "watermark": _("Watermark"),
    "with_audio": _("Sound"),
}
VALUES: dict[str, Promise] = {
    "anime": _("Anime"),
    "auto": _("Auto"),
    "crop": _("Crop"),
    "drift": _("Drift"),
    "general": _("General"),
    "large": pgettext_lazy("amount", "Large"),
    "medium": pgettext_lazy("amount", "Medium"),
    "pad": _("Pad"),
    "pan-down": _("Pan down"),
    "pan-left": _("Pan left"),
    "pan-right": _("Pan right"),
    "pan-up": _("Pan up"),
    "picture": _("As the picture"),
    "pull-out": _("Pull out"),
    "push-in": _("Push in"),
    "quality": _("Best quality"),
    "small": pgettext_lazy("amount", "Small"),
    "speed": _("Fastest"),
}


def parameter_word(name: str) -> str:
    return str(PARAMETERS.get(name) or name.replace("_", " ").capitalize())


def value_word(name: str, value: Value) -> str:
    """`value` of the parameter `name` as it is read aloud: "4 s", "1280 × 720", "Off"."""
    if isinstance(value, bool):
        return str(_("On") if value else _("Off"))
    if name == "duration":
        return str(_("%(seconds)s s") % {"seconds": value})
    if isinstance(value, str) and value.replace("x", "").isdigit():
        return value.replace("x", " × ")
    return str(VALUES.get(str(value)) or value)


# What happened, by the kind of the event; a move is told by the state it led to.
EVENTS: dict[str, Promise] = {
    "archive put off": _("Saving put off"),
    "broken file": _("What came was no whole video"),
    "cancel accepted": _("The provider will stop it"),
    "cancel failed": _("The provider could not be asked to stop"),
    "cancel refused": _("Too late to stop, says the provider"),
    "cancel wished": _("Cancel wished"),
    "closed": _("Checked and closed"),
    "contradicted": _("A later answer said otherwise; the first one stands"),
    "link 50%": _("Half of the link's life is over, and the file is not here"),
    "link 80%": _("The link dies soon, and the file is not here"),
    "emptied": _("Files removed from the trash"),
    "ordered": _("Ordered"),
    "rejected": _("Rejected"),
    "restored": _("Taken out of the trash"),
    "starred": _("Stars given"),
    "tagged": _("Tag added"),
    "trashed": _("Put into the trash"),
    "unrejected": _("Rejection taken back"),
    "unknown word": _("The provider uses a word we do not know"),
    "untagged": _("Tag taken off"),
}


def event_word(event: GenerationEvent) -> str:
    if event.to_state:
        return str(State(event.to_state).label)
    return str(EVENTS.get(event.kind) or event.kind)
