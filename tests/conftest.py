from __future__ import annotations

from hypothesis import settings

# Drawing Han and rare characters is slow at first; the machine that runs this may be busy besides.
settings.register_profile("tetrapla", deadline=None)
settings.load_profile("tetrapla")
