"""What the real lerobot makes of a data set of ours, and a small one of its own writing; the results as JSON."""

import json
import sys
from pathlib import Path

import numpy as np
from lerobot.datasets.lerobot_dataset import LeRobotDataset


def describe(root):
    """Every number of some frames, and a mean of their pictures, as lerobot reads them."""
    dataset = LeRobotDataset("ours/set", root=root, video_backend="pyav")
    shown = []
    for i in [0, 17, len(dataset) // 2, len(dataset) - 1]:
        item = dataset[i]
        picture = item["observation.images.camera"]
        shown.append(
            {
                "index": int(item["index"]),
                "episode": int(item["episode_index"]),
                "frame": int(item["frame_index"]),
                "timestamp": float(item["timestamp"]),
                "task": item["task"],
                "action": item["action"].tolist(),
                "id": int(item["action.id"]),
                "state": item["observation.state"].tolist(),
                "shape": list(picture.shape),
                "columns": picture.mean(dim=(0, 1)).tolist(),
            }
        )
    stats = {name: {key: np.asarray(value).tolist() for key, value in own.items()} for name, own in dataset.meta.stats.items()}
    return {"frames": len(dataset), "episodes": dataset.num_episodes, "fps": dataset.fps, "shown": shown, "stats": stats}


def write(root, video):
    """Five episodes of a grey that grows, driven by continuous velocities; two files each."""
    features = {
        "observation.image": {"dtype": "video" if video else "image", "shape": (96, 160, 3), "names": ["height", "width", "channels"]},
        "action": {"dtype": "float32", "shape": (3,), "names": ["speed", "turn", "gripper"]},
    }
    dataset = LeRobotDataset.create("own/set", fps=30, root=root, features=features, use_videos=video, vcodec="h264") if video else LeRobotDataset.create("own/set", fps=30, root=root, features=features, use_videos=False)
    for episode in range(5):
        for frame in range(20 + episode):
            picture = np.full((96, 160, 3), 10 * episode + 4 * frame, dtype=np.uint8)
            action = np.array([0.5 if episode % 2 == 0 else 0.0, 0.25 if episode % 2 == 1 else 0.0, 1.0], dtype=np.float32)
            dataset.add_frame({"observation.image": picture, "action": action, "task": f"drive {episode % 2}"})
        dataset.save_episode()
    dataset.finalize()
    return {"episodes": dataset.num_episodes}


work, *rest = sys.argv[1:]
result = describe(Path(rest[0])) if work == "describe" else write(Path(rest[0]), rest[1] == "video")
print("RESULT " + json.dumps(result))
