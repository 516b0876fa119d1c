"""QR codes as vector pictures, for paper."""

from __future__ import annotations

import io

import segno

#: Modules of white around the code (ISO/IEC 18004 §9.1): without it phones do not find the code.
QUIET_ZONE = 4


def svg(text: str) -> str:
    """Draw a text (a link) as a QR code with the usual amount of repair data; the quiet zone is part of the picture.

    Raises ``segno.DataOverflowError`` above some 2,300 characters.
    """
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", border=QUIET_ZONE, xmldecl=False, svgns=True, light="white", svgclass=None, lineclass=None)
    return drawn.getvalue().decode()
