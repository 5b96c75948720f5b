"""The parent's side of the free local renderer: a caged child draws, we pass its progress on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.lib import child
from studio.providers.base import Job

_CHILD = "studio.providers.local.draw"
_MEMORY = 1536 * 1024**2
# What a parameter means when it is left out.
_DEFAULTS = {"duration": 4, "size": "picture", "motion": "auto", "fit": "crop"}


class RenderFailed(Exception):
    """Nothing was rendered; the message says why."""


class RenderStopped(Exception):
    """`on_progress` said so."""


def render(job: Job, target: Path, on_progress: Callable[[float], bool]) -> None:
    """Write the finished mp4 to `target`, which is whole or not there at all.

    `on_progress` hears 0..1 about ten times a second; when it returns False the render is
    killed. Raises RenderFailed, RenderStopped.
    """
    draft = target.with_suffix(".part")
    try:
        _draw(job, draft, on_progress)
        draft.replace(target)
    except child.ChildStopped as error:
        raise RenderStopped from error
    except child.ChildFailed as error:
        raise RenderFailed(str(error)) from error
    finally:
        draft.unlink(missing_ok=True)


def _draw(job: Job, target: Path, on_progress: Callable[[float], bool]) -> None:
    request = _request(job, target)
    child.run(
        _CHILD,
        request,
        # A slow machine under full load; a render that hangs is ended all the same.
        seconds=120 + 60 * request["parameters"]["duration"],
        memory=_MEMORY,
        on_line=lambda line: on_progress(line["progress"]),
    )


def _request(job: Job, target: Path) -> dict[str, Any]:
    return {
        "mode": job.mode,
        "prompt": job.prompt,
        "parameters": _DEFAULTS | dict(job.parameters),
        "pictures": [str(picture.path.absolute()) for picture in job.pictures],
        "target": str(target.absolute()),
    }
