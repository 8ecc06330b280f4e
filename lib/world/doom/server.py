"""Renders a level of ViZDoom at poses that are read from stdin; pictures go to stdout. Ends with its stdin.

A request is a count and, for each pose, the four numbers of teleport.command, all 32-bit integers, low byte first. An
answer is a letter, the number of bytes that follow, and these: M, once, the level as JSON; F, for each pose, its
picture, [height, width, 3]; E, why the server ends.
"""

import contextlib
import glob
import json
import os
import shutil
import signal
import struct
import sys
import tempfile

import teleport

LEVEL = "my_way_home.wad"
WIDTH, HEIGHT = 80, 48
# The engine draws 640 x 400; the middle 384 rows are averaged over squares of this side.
SUPERSAMPLING = 8
TOP = 8
# Aspect 3 stands for 4:3: the engine takes the pixels of its historical 320 x 200 for square, and so are those of 640 x 400.
# Else it widens the view of a picture of 16:10, across only. Pixels that no wall covers are cleared, not left as they were.
ARGUMENTS = "-file {wad} +vid_aspect 3 +r_clearbuffer 1 +sv_cheats 1"
# The camera may be anywhere, within a wall too; the level's one thing would hide walls.
COMMANDS = ("noclip", "remove GreenArmor")
UNIT = 65536


def end_together(folder: str):
    """However this process ends, the engine ends too, which would go on for ever after a parent that was killed, and
    what both keep in files goes. Returns what to call with the engine's name for its shared memory.
    """
    if not hasattr(os, "fork"):
        return lambda name: None
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    # The pipe ends when this process does.
    read, write = os.pipe()
    if os.fork():
        os.close(read)
        return lambda name: os.write(write, name.encode())
    os.close(write)
    for stream in (0, 1, 2):
        os.close(stream)
    with os.fdopen(read) as pipe:
        name = pipe.read()
    shutil.rmtree(folder, ignore_errors=True)
    for path in glob.glob(f"/dev/shm/ViZDoom*{name}") if name else ():
        with contextlib.suppress(OSError):
            os.unlink(path)
    os.killpg(0, signal.SIGKILL)


def open_game(folder: str, tell_name):
    import vizdoom

    wad = os.path.join(folder, "teleport.wad")
    with open(wad, "wb") as file:
        file.write(teleport.wad())
    game = vizdoom.DoomGame()
    game.set_doom_scenario_path(os.path.join(vizdoom.scenarios_path, LEVEL))
    game.set_doom_config_path(os.path.join(folder, "vizdoom.ini"))
    game.set_window_visible(False)
    game.set_screen_resolution(vizdoom.ScreenResolution.RES_640X400)
    game.set_screen_format(vizdoom.ScreenFormat.RGB24)
    for hide in ("hud", "weapon", "crosshair", "decals", "particles", "effects_sprites", "messages", "screen_flashes"):
        getattr(game, f"set_render_{hide}")(False)
    game.set_sectors_info_enabled(True)
    variables = ("POSITION_X", "POSITION_Y", "ANGLE", "PITCH", "CAMERA_POSITION_Z")
    game.set_available_game_variables([getattr(vizdoom.GameVariable, name) for name in variables])
    game.set_available_buttons([])
    game.set_episode_timeout(0)
    game.set_seed(0)
    game.add_game_args(ARGUMENTS.format(wad=wad))
    game.init()
    tell_name(game.get_instance_id())
    for command in COMMANDS:
        game.send_game_command(command)
    game.advance_action(1)
    return game, vizdoom.__version__


def describe(game, version: str) -> dict:
    state = game.get_state()
    lines = {(l.x1, l.y1, l.x2, l.y2) for sector in state.sectors for l in sector.lines if l.is_blocking}
    heights = {(sector.floor_height, sector.ceiling_height) for sector in state.sectors}
    if len(heights) != 1:
        raise RuntimeError(f"floors and ceilings of several heights: {sorted(heights)}")
    floor, ceiling = heights.pop()
    return {
        "version": version,
        "width": WIDTH,
        "height": HEIGHT,
        "eye": float(state.game_variables[4]),
        "floor": floor + 0.0,
        "ceiling": ceiling,
        "walls": sorted(lines),
    }


def picture(game, x: int, y: int, angle: int, pitch: int) -> bytes:
    game.send_game_command(teleport.command(x, y, angle, pitch))
    game.advance_action(1)
    state = game.get_state()
    if state is None:
        raise RuntimeError("the game is over")
    wanted = (x / UNIT, y / UNIT, angle / UNIT * 360 % 360, pitch / UNIT * 360)
    there = state.game_variables.tolist()[:4]
    if any(abs(is_at - asked) > 0.001 for is_at, asked in zip(there, wanted)):
        raise RuntimeError(f"the camera is at {there}, not at {list(wanted)}")
    return averaged(state.screen_buffer)


def averaged(screen) -> bytes:
    """Means over squares, rounded. Sums row by row and column by column: five times as fast as numpy's sum over two axes."""
    rows = screen[TOP : TOP + HEIGHT * SUPERSAMPLING].reshape(HEIGHT, SUPERSAMPLING, -1)
    down = rows[:, 0].astype("uint16")
    for i in range(1, SUPERSAMPLING):
        down += rows[:, i]
    columns = down.reshape(HEIGHT, WIDTH, SUPERSAMPLING, 3)
    across = columns[:, :, 0].copy()
    for i in range(1, SUPERSAMPLING):
        across += columns[:, :, i]
    count = SUPERSAMPLING * SUPERSAMPLING
    return ((across + count // 2) // count).astype("uint8").tobytes()


def serve(requests, send, folder: str, tell_name) -> None:
    game, version = open_game(folder, tell_name)
    try:
        send(b"M", json.dumps(describe(game, version)).encode())
        game.set_sectors_info_enabled(False)
        while len(count := requests.read(4)) == 4:
            poses = requests.read(16 * struct.unpack("<I", count)[0])
            for pose in struct.iter_unpack("<4i", poses):
                send(b"F", picture(game, *pose))
    finally:
        game.close()


def main() -> None:
    folder = tempfile.mkdtemp(prefix="worldcompass-doom-")
    tell_name = end_together(folder)
    os.chdir(folder)
    # What the engine prints must not come between the pictures.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def send(kind: bytes, content: bytes) -> None:
        answers.write(kind + struct.pack("<I", len(content)) + content)
        answers.flush()

    try:
        serve(sys.stdin.buffer, send, folder, tell_name)
    except BrokenPipeError:
        pass  # Nobody listens any more.
    except Exception as error:
        send(b"E", f"{type(error).__name__}: {error}".encode())
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
