"""Worlds and world models as a gymnasium environment, over the wire of docs/models.md. Needs gymnasium and numpy; copy it where you like.

    env = WorldEnv("http://127.0.0.1:8000")
    picture, info = env.reset(seed=3)
    picture, reward, terminated, truncated, info = env.step(37)

A step holds one of the 81 actions for a clip, 16 frames. The reward is how much nearer the picture came to `goal`, where one is given.
"""

import json
import struct
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import gymnasium
import numpy as np

PROTOCOL = 1
CLIP = 4  # actions of a clip


def pack(header, blocks=()):
    text = json.dumps({"protocol": PROTOCOL, **header}).encode()
    return struct.pack("<I", len(text)) + text + b"".join(blocks)


def unpack(message):
    end = 4 + struct.unpack("<I", message[:4])[0]
    return json.loads(message[4:end]), message[end:]


def picture_of(block, body):
    size = int(np.prod(block["shape"]))
    return np.frombuffer(body, np.uint8, size, block["offset"]).reshape(block["shape"])


class Server:
    """A world or a model that answers over HTTP."""

    def __init__(self, url, token=None, timeout=60):
        self.url, self.token, self.timeout = url.rstrip("/"), token, timeout

    def ask(self, path, body=None):
        headers = {"Content-Type": "application/octet-stream"} if body else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            with urlopen(Request(self.url + path, body, headers), timeout=self.timeout) as answer:
                return answer.read()
        except HTTPError as error:
            raise RuntimeError(f"{self.url}{path}: {error.read().decode(errors='replace')}") from error

    def info(self):
        return json.loads(self.ask("/info"))

    def start(self, seed):
        """A place to begin at."""
        header, body = unpack(self.ask("/start", pack({"seed": seed})))
        return {"picture": picture_of(header["frame"], body)[0], "pose": header["pose"], "level": header["level"]}

    def reset(self, starts):
        """Begins videos. @returns the session"""
        blocks = [np.ascontiguousarray(start["picture"]) for start in starts]
        offsets = np.cumsum([0, *(block.size for block in blocks)]).tolist()
        sent = [
            {
                "frame": {"shape": [1, *block.shape], "offset": offset},
                "pose": start["pose"],
                "scale": 1,
                "level": start["level"],
            }
            for start, block, offset in zip(starts, blocks, offsets)
        ]
        body = pack({"starts": sent}, [block.tobytes() for block in blocks])
        return json.loads(self.ask("/reset", body))["session"]

    def step(self, session, actions, seeds):
        """One clip of every video. @returns the frames of each, and where each camera was sent, if the server says so"""
        given = {"session": session, "actions": np.asarray(actions).tolist(), "seeds": [int(seed) for seed in seeds]}
        header, body = unpack(self.ask("/step", pack(given)))
        frames = [picture_of(block, body) for block in header["clips"]]
        return frames, header.get("poses", [None] * len(frames))

    def close(self, session):
        self.ask("/close", pack({"session": session}))


def distance(a, b):
    """Root mean square of two pictures' difference, 0 to 1."""
    return float(np.sqrt(np.mean((a.astype(np.float32) - b.astype(np.float32)) ** 2)) / 255)


class WorldEnv(gymnasium.Env):
    metadata = {"render_modes": ["rgb_array"], "render_fps": 24}

    def __init__(self, url, clips=8, goal=None, near=0.02, token=None, render_mode=None):
        """@param clips of an episode; @param goal a picture to get to; @param near a distance at which one is there"""
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"there is no render mode {render_mode}; take rgb_array")
        self.server = Server(url, token)
        self.clips, self.goal, self.near, self.render_mode = clips, goal, near, render_mode
        camera = self.server.info()["camera"]
        shape = (camera["height"], camera["width"], 3)
        self.observation_space = gymnasium.spaces.Box(0, 255, shape, np.uint8)
        self.action_space = gymnasium.spaces.Discrete(81)
        self.session = None

    def reset(self, *, seed=None, options=None):
        """@param options may give `start`, a place as `Server.start` answers it, and `goal`"""
        super().reset(seed=seed)
        options = options or {}
        self.close()
        self.goal = options.get("goal", self.goal)
        number = int(self.np_random.integers(1 << 16))
        self.start = options.get("start") or self.server.start(number)
        self.session = self.server.reset([self.start])
        self.done = 0
        self.picture = np.array(self.start["picture"])
        return self.picture, {"start": self.start, "frames": self.picture[None]}

    def step(self, action):
        if self.session is None:
            raise gymnasium.error.ResetNeeded("call reset before step")
        before = self.picture
        seed = int(self.np_random.integers(1 << 32))
        [frames], [pose] = self.server.step(self.session, [[int(action)] * CLIP], [seed])
        self.picture = np.array(frames[-1])
        self.done += 1
        left = None if self.goal is None else distance(self.picture, self.goal)
        reward = 0.0 if left is None else distance(before, self.goal) - left
        reached = left is not None and left < self.near
        return self.picture, reward, reached, self.done >= self.clips, {"frames": frames, "distance": left, "pose": pose}

    def render(self):
        return self.picture if self.render_mode == "rgb_array" else None

    def close(self):
        if self.session is not None:
            self.server.close(self.session)
        self.session = None


gymnasium.register("worldcompass/World-v0", WorldEnv)
