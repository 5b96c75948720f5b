"""Frames of finished clips, as pictures for the next brief."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from studio.accounts.models import User
from studio.archive import stills
from studio.archive.stills import NoStill
from studio.assets import uploads
from studio.assets.models import Asset
from studio.generations.briefs import Problem, Refused
from studio.generations.models import Generation


def last_frame(generation: Generation, person: User) -> Asset:
    """The clip's last frame as an asset of its project; taken twice, it is the same asset.

    Raises `Refused` when there is no clip, or its last frame cannot be read.
    """
    if generation.video is None:
        raise Refused([Problem("video", "no_video", _("There is no clip to take a frame from."))])
    try:
        data = stills.last_frame(generation.video)
    except NoStill as error:
        message = _("The last frame cannot be read.")
        raise Refused([Problem("video", "no_frame", message)]) from error
    name = _("%(clip)s, last frame.png") % {"clip": generation.prompt[:40].strip() or "Clip"}
    file = SimpleUploadedFile(name, data, content_type="image/png")
    return uploads.receive(generation.project, person, file)
