"""Redraw the style pictures and the starters: `python docs/pictures/draw.py [name …]`.

Everything is drawn from numbers, so that the same picture comes out every time; nothing is
loaded and no letter is set. Name pictures to redraw only those.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from starters import expression, keyframes, product, talking, travel, turntable
from styles import american, anime, chinese, general, hand_drawn, japanese, photo, solid

HOME = Path(__file__).resolve().parents[2] / "static" / "img"
STYLE_BYTES, STARTER_BYTES = 14 * 1024, 20 * 1024

STYLES: dict[str, Callable[[], Image.Image]] = {
    "general": general.draw,
    "anime": anime.draw,
    "realistic": photo.draw,
    "japanese": japanese.draw,
    "chinese": chinese.draw,
    "american": american.draw,
    "3d": solid.draw,
    "hand-drawn": hand_drawn.draw,
}
STARTERS: dict[str, Callable[[], Image.Image]] = {
    "product": product.draw,
    "turntable": turntable.draw,
    "expression": expression.draw,
    "keyframes": keyframes.draw,
    "travel": travel.draw,
    "talking": talking.draw,
}


def packed(image: Image.Image, most: int) -> bytes:
    """Return the picture as WebP, as good as fits."""
    data = b""
    for quality in range(94, 20, -3):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6, use_sharp_yuv=True)
        data = out.getvalue()
        if len(data) <= most:
            break
    return data


def main(names: list[str]) -> None:
    """Draw what is named, or everything."""
    for folder, drawings, most in (
        ("styles", STYLES, STYLE_BYTES),
        ("starters", STARTERS, STARTER_BYTES),
    ):
        for name, drawing in drawings.items():
            if names and name not in names:
                continue
            target = HOME / folder / f"{name}.webp"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(packed(drawing().convert("RGB"), most))


if __name__ == "__main__":
    main(sys.argv[1:])
