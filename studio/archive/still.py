"""The child that takes the last frame out: `python -m studio.archive.still` in its cage."""

from collections import deque
from typing import Any

import av

from studio.lib import cage
from studio.lib.cage import Tell


def take(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    with av.open(request["source"], options={"protocol_whitelist": "file"}) as container:
        stream = container.streams.video[0]
        # To the last key frame before the end; what follows it is all that must be decoded.
        container.seek(stream.duration or 0, stream=stream)
        (last,) = deque(container.decode(stream), maxlen=1)
    last.to_image().save(request["target"], "PNG")
    return {"width": last.width, "height": last.height}


if __name__ == "__main__":
    cage.main(take)
