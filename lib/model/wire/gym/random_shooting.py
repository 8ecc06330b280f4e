"""Drives to a picture by random shooting: imagines random commands in a model, carries the best one's first action out in the world.

    python random_shooting.py --world http://127.0.0.1:8000 --model http://127.0.0.1:8001

Prints one line of JSON: how far the planner and, from the same places, random commands end from their goals, as pictures' distances.
"""

import argparse
import json

import numpy as np

from environment import CLIP, Server, WorldEnv, distance


def imagine(model, picture, start, plans, seed):
    """The last picture of every plan (actions, one a clip), from a picture."""
    begin = {"picture": picture, "pose": start["pose"], "level": start["level"]}
    session = model.reset([begin] * len(plans))
    for n in range(len(plans[0])):
        held = [[plan[n]] * CLIP for plan in plans]
        clips, _ = model.step(session, held, [seed * 1000 + n] * len(plans))
    model.close(session)
    return [frames[-1] for frames in clips]


def plan(model, picture, start, goal, options, rng):
    """The first action of the best of random plans, none of which stands still."""
    plans = rng.integers(1, 81, (options.candidates, options.horizon))
    ends = imagine(model, picture, start, plans.tolist(), int(rng.integers(1 << 20)))
    return int(plans[np.argmin([distance(end, goal) for end in ends])][0])


def drive(env, start, goal, choose):
    """An episode. @returns the distance to the goal after every clip"""
    picture, _ = env.reset(options={"start": start, "goal": goal})
    path = [distance(picture, goal)]
    over, at = False, start
    while not over:
        picture, _, reached, late, info = env.step(choose(picture, at))
        path.append(info["distance"])
        over, at = reached or late, {**start, "pose": info["pose"]}
    return path


def task(env, rng, seed, clips):
    """A place to begin at, and a picture that random commands lead to."""
    env.reset(seed=seed)
    start = env.start
    for action in rng.integers(1, 81, clips):
        picture, *_ = env.step(int(action))
    return start, picture


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--world", required=True)
    parser.add_argument("--model", help="default: the world itself, a model without fault")
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--away", type=int, default=2, help="clips between a start and its goal")
    parser.add_argument("--clips", type=int, default=4, help="clips of an episode")
    parser.add_argument("--candidates", type=int, default=16)
    parser.add_argument("--horizon", type=int, default=1, help="clips that are imagined")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    model, env = Server(options.model or options.world), WorldEnv(options.world, clips=options.clips)
    rows = {"start": [], "planned": [], "random": []}
    for seed in range(options.seed, options.seed + options.tasks):
        rng = np.random.default_rng(seed)
        env.goal, env.clips = None, max(options.clips, options.away)
        start, goal = task(env, rng, seed, options.away)
        env.clips = options.clips
        planned = drive(env, start, goal, lambda picture, at: plan(model, picture, at, goal, options, rng))
        by_chance = drive(env, start, goal, lambda *_: int(rng.integers(81)))
        rows["start"].append(planned[0])
        rows["planned"].append(min(planned))
        rows["random"].append(min(by_chance))
    env.close()
    print(json.dumps({"tasks": options.tasks, **{name: round(float(np.mean(row)), 4) for name, row in rows.items()}}))


if __name__ == "__main__":
    main()
