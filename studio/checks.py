"""System checks: what must be true before the studio starts."""
