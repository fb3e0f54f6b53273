from __future__ import annotations

import importlib.util
import sys

import pytest
from hypothesis import settings

from tests.review_browser import aligned_sample, chromium, review, shared_review  # noqa: F401 - fixtures

# Drawing Han and rare characters is slow at first; the machine that runs this may be busy besides.
settings.register_profile("tetrapla", deadline=None)
settings.load_profile("tetrapla")


@pytest.fixture
def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make as if torch were not installed."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "torch" else found(name, *rest)
    )
    monkeypatch.delitem(sys.modules, "torch", raising=False)
