"""Where a generation may stand on a page, and the fragment that draws it there.

The page says which kind it holds; the template is chosen here, from these alone.
"""

FRAGMENTS = {
    "take": "generations/stage.html#take",
    "card": "gallery/gallery.html#card",
    "one": "generations/generation.html#result",
}
# What may change about a clip that is being watched, so that its player is left alone.
MARKS = "generations/generation.html#marks"
