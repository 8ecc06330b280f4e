"""A WAD with one script that takes the player to any pose; the console's own `warp` knows whole units of place only.

The script is ACS byte code as the engine loads it: a header, the code, and a directory of scripts. See
https://zdoom.org/wiki/ACS; the numbers of the instructions are those of acc's pcode.h.
"""

import struct

SCRIPT = 999

TERMINATE, PUSH_NUMBER, PUSH_ARGUMENT, DROP = 1, 3, 28, 54
SET_ACTOR_ANGLE, SET_ACTOR_POSITION, SET_ACTOR_PITCH = 276, 283, 332
# Whom a script acts on: 0 is who runs it, the player.
PLAYER = (PUSH_NUMBER, 0)
GROUND, NO_FOG = (PUSH_NUMBER, 0), (PUSH_NUMBER, 0)
X, Y, ANGLE, PITCH = ((PUSH_ARGUMENT, i) for i in range(4))


def command(x: int, y: int, angle: int, pitch: int) -> str:
    """The console's command: place in units / 65536; angle (counter-clockwise from east) and pitch (down) in turns / 65536."""
    return f"puke {SCRIPT} {x} {y} {angle} {pitch}"


def library() -> bytes:
    code = (
        *PLAYER, *X, *Y, *GROUND, *NO_FOG, SET_ACTOR_POSITION, DROP,
        *PLAYER, *ANGLE, SET_ACTOR_ANGLE,
        *PLAYER, *PITCH, SET_ACTOR_PITCH,
        TERMINATE,
    )  # fmt: skip
    body = struct.pack(f"<{len(code)}i", *code)
    start, arguments = 8, 4
    directory = struct.pack("<HHII", SCRIPT, 0, start, arguments)
    return b"ACSE" + struct.pack("<I", start + len(body)) + body + b"SPTR" + struct.pack("<I", len(directory)) + directory


def wad() -> bytes:
    lumps = {b"LOADACS": b"TELEPORT", b"A_START": b"", b"TELEPORT": library(), b"A_END": b""}
    header = 12
    entries, data = b"", b""
    for name, content in lumps.items():
        entries += struct.pack("<II8s", header + len(data), len(content), name)
        data += content
    return b"PWAD" + struct.pack("<II", len(lumps), header + len(data)) + data + entries
