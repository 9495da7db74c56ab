"""Matters (事项): who handles them, within what limit, on what legal basis."""
