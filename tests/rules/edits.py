"""Edits in tables, as cases of a test."""

import re

REASONS = ("number", "name", "date", "unit", "negation", "quotation")


def cases(table):
    """Return the text before and after of each case: `one [old|new] text · another`."""
    parted = re.findall(r"(.*)\[(.*)\|(.*)\](.*)", table.replace(" · ", "\n"))
    return [(left + old + right, left + new + right) for left, old, new, right in parted]
