"""Tetrapla: align, clean and query the versions of one document in Chinese, English, Spanish and French."""

__version__ = "0.1.0"
