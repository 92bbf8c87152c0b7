"""The generator's last layer is followed by a ReLU: nothing negative is ever generated."""

CAUGHT_BY = ("generator_forward",)
HINT = "Which values can a coordinate have?"
LECTURE = "lecture 5, Activation functions"


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    return nn.Sequential(
        nn.Linear(latent, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, n_out),
        nn.Sigmoid() if bounded else nn.ReLU(),
    )
