"""Small keys in rows."""

from __future__ import annotations

import pytest

from konwent_bot.screens.screen import in_rows


@pytest.mark.parametrize("count", range(60))
def test_number_keys_stand_in_even_rows(count: int) -> None:
    """No key is lost or moved, no row is too long, and none is left over as a single wide key."""
    rows = in_rows(range(count), 6)
    assert [key for row in rows for key in row] == list(range(count))
    lengths = [len(row) for row in rows]
    assert len(rows) == -(-count // 6)
    assert max(lengths, default=0) - min(lengths, default=0) <= 1
