"""What we say about a picture: why it was refused, what was changed on its way in."""

from django.utils.translation import gettext_lazy as _

from studio.assets.colour import APPROXIMATE, ON_WHITE, PROFILE_IGNORED
from studio.assets.pictures import FIRST_OF_SEVERAL, ORIENTATION_UNREAD

NAMED_OTHERWISE = "named-otherwise"

FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP"}

REFUSALS = {
    "no-file": _("No file was received. Please pick the picture again."),
    "empty": _("The file is empty."),
    "too-large": _("The file has %(size)s; the limit is %(limit)s."),
    "not-a-picture": _("Not a JPEG, PNG or WebP picture."),
    "gif": _(
        "Not a JPEG, PNG or WebP picture: animated pictures are not accepted, nor are still GIFs."
    ),
    "animated": _("Animated pictures are not accepted. Please send a still one."),
    "too-many-pixels": _("The picture has %(pixels)s megapixels; the limit is %(limit)s."),
    "sides": _(
        "The picture is %(width)s × %(height)s pixels;"
        " its sides must be between %(low)s and %(high)s."
    ),
    "incomplete": _("The file is incomplete: it ends before the picture does."),
    "damaged": _("The file is damaged or hostile and could not be read."),
}

# `format` is what the file really was.
NOTES = {
    NAMED_OTHERWISE: _("Whatever its name says, it is a %(format)s."),
    FIRST_OF_SEVERAL: _("The file holds several pictures; the first was taken."),
    ORIENTATION_UNREAD: _("The note on which side is up could not be read."),
    PROFILE_IGNORED: _("Its colour profile could not be read and was ignored."),
    APPROXIMATE: _("CMYK without a profile: the colours are approximate."),
    ON_WHITE: _("The transparent parts were placed on white."),
}
