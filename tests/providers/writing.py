"""Real fonts for Chinese and Japanese: `.ci/run` installs one, a bare machine has none."""

import pytest

from studio.providers.local import fonts

needs_cjk = pytest.mark.skipif(
    bool(fonts.missing("港の朝清")),
    reason="no font for Chinese and Japanese (Debian: fonts-noto-cjk)",
)
