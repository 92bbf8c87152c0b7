"""The bounded generator ends in tanh, which gives values from -1 to 1."""

CAUGHT_BY = ("networks_shapes",)
HINT = "Pixels are in [0, 1]."
LECTURE = "lecture 5, Activation functions"


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    return nn.Sequential(
        nn.Linear(latent, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, n_out),
        nn.Tanh() if bounded else nn.Identity(),
    )
