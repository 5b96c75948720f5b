"""The child that takes the last frame out: `python -m studio.archive.still` in its cage."""

from collections import deque
from pathlib import Path
from typing import Any

from PIL import Image

from studio.archive.reading import opened, pictures
from studio.lib import cage
from studio.lib.cage import Tell


def take(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    with opened(Path(request["source"])) as container:
        picture = pictures(container)[0]
        # To the last key frame before the end; what follows it is all that must be decoded.
        container.seek(picture.duration or 0, stream=picture)
        (last,) = deque(container.decode(picture), maxlen=1)
    image = Image.fromarray(last.to_ndarray(format="rgb24")).rotate(last.rotation, expand=True)
    image.save(request["target"], "PNG")
    return {"width": image.width, "height": image.height}


if __name__ == "__main__":
    cage.main(take)
