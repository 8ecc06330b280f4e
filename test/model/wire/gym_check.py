"""Runs gymnasium's own checker over the environment. Usage: gym_check.py URL"""

import sys
import warnings

sys.path.insert(0, "lib/model/wire/gym")
warnings.simplefilter("error")

import gymnasium
from environment import distance
from gymnasium.utils.env_checker import check_env

env = gymnasium.make("worldcompass/World-v0", url=sys.argv[1], clips=3, render_mode="rgb_array").unwrapped
check_env(env)

# The same seed begins at the same place; a goal that is the present picture is reached when nothing moves.
first, _ = env.reset(seed=5)
again, info = env.reset(seed=5)
other, _ = env.reset(seed=6)
assert (first == again).all() and (first != other).any()
_, info = env.reset(seed=5, options={"goal": first})
picture, reward, reached, late, info = env.step(0)
assert (picture == first).all() and reached and reward == 0 and info["frames"].shape == (13, *first.shape)
assert info["pose"] == env.start["pose"], info
picture, reward, reached, late, info = env.step(9)
assert not reached and reward < 0 and not late and info["frames"].shape[0] == 16
assert abs(reward + distance(picture, first)) < 1e-6
assert env.step(9)[3]
env.close()
print("checked")
