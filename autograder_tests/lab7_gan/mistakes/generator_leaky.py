"""The generator has leaky units where ReLU is asked for."""

CAUGHT_BY = ("generator_forward",)
HINT = "Which activation does the statement give each network?"
LECTURE = "lecture 5, Activation functions"


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    return nn.Sequential(
        nn.Linear(latent, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, n_out),
        nn.Sigmoid() if bounded else nn.Identity(),
    )
