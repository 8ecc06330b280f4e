"""lib/util/rng.ts again, in Python, from its definition: sfc32 seeded by a Murmur3-mixed hash of the stream's name."""

import math

import numpy as np

MASK = 0xFFFFFFFF


def mix(h):
    h &= MASK
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & MASK
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & MASK
    return h ^ (h >> 16)


def hash_key(*key):
    named = (f"{'string' if isinstance(part, str) else 'number'}:{part}" for part in key)
    h = 0x9E3779B9
    for character in "\0".join(named):
        h = mix(h ^ ord(character))
    return h


class Rng:
    def __init__(self, *key):
        h = hash_key(*key)
        self.a, self.b, self.c, self.counter = h, mix(h + 1), mix(h + 2), 1
        for _ in range(12):
            self.bits()

    def bits(self):
        t = (self.a + self.b + self.counter) & MASK
        self.counter = (self.counter + 1) & MASK
        self.a = self.b ^ (self.b >> 9)
        self.b = (self.c + (self.c << 3)) & MASK
        self.c = (((self.c << 21) | (self.c >> 11)) + t) & MASK
        return t

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * (self.bits() / 4294967296)

    def int(self, n):
        return math.floor(self.uniform() * n)

    def normal_pair(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        angle = 2 * math.pi * self.uniform()
        return radius * math.cos(angle), radius * math.sin(angle)


def uniforms(shape, low, high, *key):
    """An array of float32 values, as float64."""
    rng = Rng("golden", *key)
    values = [rng.uniform(low, high) for _ in range(int(np.prod(shape)))]
    return np.array(values).astype(np.float32).astype(np.float64).reshape(shape)
