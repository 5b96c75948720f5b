"""Ways to begin: each presets the way, the shape and the style, and says what to write."""

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from studio.accounts.models import User
from studio.generations.entry import Entry
from studio.generations.ways import Way


@dataclass(frozen=True)
class Starter:
    """`prompt` has the gaps that a person fills in, in square brackets."""

    key: str
    name: Promise
    prompt: Promise
    way: Way
    shape: str = ""
    style: str = ""

    @property
    def picture(self) -> str:
        """Among the static files."""
        return f"img/starters/{self.key}.webp"


STARTERS = (
    Starter(
        "product",
        _("Product close-up"),
        _("The camera slowly moves in on [the product]. Soft light glides over its surface."),
        Way.IMAGE,
        style="realistic",
    ),
    Starter(
        "turntable",
        _("Turntable"),
        _("[The product] turns once around itself on a plain ground. The camera stays still."),
        Way.REFERENCE,
        shape="1:1",
        style="realistic",
    ),
    Starter(
        "expression",
        _("Character expression"),
        _("[The character] looks up and slowly begins to smile. Hair moves a little in the wind."),
        Way.IMAGE,
        style="anime",
    ),
    Starter(
        "keyframes",
        _("Keyframe transition"),
        _("[The character] goes from the first pose to the last in one smooth movement."),
        Way.START_END,
        style="anime",
    ),
    Starter(
        "travel",
        _("Travel scene"),
        _("Wide shot, warm evening light. [A train] crosses [a valley]. Calm, longing mood."),
        Way.TEXT,
        shape="16:9",
    ),
    Starter(
        "talking",
        _("Talking scene"),
        _("[The speaker] talks to the camera and gestures with one hand. The background is calm."),
        Way.IMAGE,
        shape="9:16",
    ),
)


def begin(_person: User, entry: Entry, post: QueryDict) -> Entry:
    """The form as the starter presets it; a prompt that stood there can come back."""
    starter = next((s for s in STARTERS if s.key == post.get("start_with")), None)
    if starter is None:
        return entry
    preset = replace(
        entry, way=starter.way, shape=starter.shape, style=starter.style, style_words=None
    )
    return preset.saying(str(starter.prompt))
