"""What the gallery shows of a video: its poster and its small muted hover preview."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from studio.archive.errors import RenditionFailed
from studio.archive.models import Rendition, RenditionKind, Video
from studio.lib import child
from studio.storage import store

_CHILD = "studio.archive.deriving"
_MEMORY = 1536 * 1024**2
_SECONDS = 300
_FILES = {
    RenditionKind.POSTER: ("poster.webp", "image/webp"),
    RenditionKind.PREVIEW: ("preview.mp4", "video/mp4"),
}


def make(video: Video) -> None:
    """Make both, unless they are there. May be repeated and may race. Raises RenditionFailed."""
    if video.renditions.count() == len(_FILES):
        return
    spool = Path(settings.SPOOL_DIR)
    spool.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=spool) as folder:
        drafts = {kind: Path(folder) / name for kind, (name, _) in _FILES.items()}
        sizes = _derive(video, drafts)
        for kind, draft in drafts.items():
            _keep(video, kind, draft, sizes[kind])


def _derive(video: Video, drafts: dict[RenditionKind, Path]) -> dict[str, tuple[int, int]]:
    request = {"path": str(store.path(video.blob)), **{k.value: str(p) for k, p in drafts.items()}}
    try:
        return child.run(_CHILD, request, seconds=_SECONDS, memory=_MEMORY)
    except child.ChildFailed as error:
        raise RenditionFailed(str(error)) from error


def _keep(video: Video, kind: RenditionKind, draft: Path, size: tuple[int, int]) -> None:
    width, height = size
    blob = store.put(draft, _FILES[kind][1])
    Rendition.objects.get_or_create(
        video=video, kind=kind, defaults={"blob": blob, "width": width, "height": height}
    )
