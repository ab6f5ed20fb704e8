"""The database, and nothing about the web."""
