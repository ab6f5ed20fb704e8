"""Readers report errors in articles; editors fix them; readers hear back."""

__version__ = "0.1.0"
