"""The generator ends in a sigmoid whether bounded or not."""

CAUGHT_BY = ("generator_forward",)
HINT = "Can such a generator reach a point at -2?"
LECTURE = "lecture 5, Activation functions"


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    return nn.Sequential(
        nn.Linear(latent, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, n_out),
        nn.Sigmoid(),
    )
