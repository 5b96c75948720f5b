"""A poster and a small silent preview of an archived video, made in a caged child."""

import tempfile
from pathlib import Path

from studio.archive.errors import RenditionFailed
from studio.archive.models import Rendition, RenditionKind, Video
from studio.lib import child
from studio.storage import store

SECONDS = 120
MEMORY = 2 * 1024**3
TYPES = {RenditionKind.POSTER: "image/webp", RenditionKind.PREVIEW: "video/mp4"}


def make(video: Video) -> None:
    """Make what is missing. Raises RenditionFailed; the video itself is not touched."""
    missing = set(RenditionKind) - set(video.renditions.values_list("kind", flat=True))
    if not missing:
        return
    with tempfile.TemporaryDirectory(prefix="renditions-") as folder:
        targets = {kind.value: str(Path(folder) / kind) for kind in missing}
        request = {"source": str(store.path(video.blob).absolute()), "targets": targets}
        try:
            sizes = child.run("studio.archive.deriving", request, seconds=SECONDS, memory=MEMORY)
        except child.ChildFailed as error:
            raise RenditionFailed(str(error)) from error
        for kind in missing:
            width, height = sizes[kind]
            blob = store.put(Path(targets[kind]), TYPES[kind])
            Rendition.objects.get_or_create(
                video=video, kind=kind, defaults={"blob": blob, "width": width, "height": height}
            )
