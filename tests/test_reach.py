"""What a call can reach is read from the source."""

import pytest

from grader.reach import reachable

SOURCE = b"""
import numpy as np

RATE = scale(0.1)

def scale(x):
    return 2 * x

def step(x):
    return x - RATE

class Model:
    def forward(self, x):
        return self.squash(step(x))

    def squash(self, x):
        return np.tanh(x)

def build(n):
    return Model()

def lonely(x):
    return x
"""


@pytest.mark.parametrize(
    ("begin", "found"),
    [
        ({"lonely"}, {"lonely"}),
        ({"step"}, {"step", "RATE", "scale"}),
        ({"build"}, {"build", "Model", "step", "RATE", "scale"}),
        ({"lonely", "scale"}, {"lonely", "scale"}),
        ({"nowhere"}, {"nowhere"}),
        (set(), set()),
    ],
)
def test_what_is_used_is_reached(begin: set[str], found: set[str]) -> None:
    assert reachable(SOURCE, begin) == found
