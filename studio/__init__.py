"""Seed Studio."""

# As in pyproject.toml, which does not go into the image.
VERSION = "0.1.0"
