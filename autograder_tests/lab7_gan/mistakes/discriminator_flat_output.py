"""The discriminator's output has no second axis: (batch,) instead of (batch, 1)."""

CAUGHT_BY = ("networks_shapes",)
HINT = "Broadcasting (batch,) against (batch, 1) makes a square."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(scale),
        nn.Linear(n_in, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 1),
        nn.Flatten(0),
    )
