"""How large a picture is, read from its first bytes: PNG, GIF, WebP, JPEG."""

from __future__ import annotations

import struct


def picture_size(body: bytes) -> tuple[int, int]:
    """Give width and height in pixels; (0, 0) when it is no picture we know."""
    try:
        match body[:4]:
            case b"\x89PNG":
                return struct.unpack(">II", body[16:24])
            case b"GIF8":
                return struct.unpack("<HH", body[6:10])
            case b"RIFF" if body[8:15] == b"WEBPVP8":
                return _webp(body)
        if body[:2] == b"\xff\xd8":
            return _jpeg(body)
    except (struct.error, IndexError):
        pass
    return 0, 0


def _webp(body: bytes) -> tuple[int, int]:
    if body[15:16] == b"X":
        return int.from_bytes(body[24:27], "little") + 1, int.from_bytes(body[27:30], "little") + 1
    if body[15:16] == b"L":
        bits = int.from_bytes(body[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", body[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(body: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 < len(body):
        if body[position] != 0xFF:
            return 0, 0
        marker = body[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", body[position + 5 : position + 9])
            return width, height
        position += 2 + struct.unpack(">H", body[position + 2 : position + 4])[0]
    return 0, 0
