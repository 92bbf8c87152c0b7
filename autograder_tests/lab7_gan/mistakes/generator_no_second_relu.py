"""The generator's second and third layer have no activation between them."""

CAUGHT_BY = ("generator_forward",)
HINT = "What do two linear layers in a row amount to?"
LECTURE = "lecture 5, Activation functions"


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    return nn.Sequential(
        nn.Linear(latent, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.Identity(),
        nn.Linear(hidden, n_out),
        nn.Sigmoid() if bounded else nn.Identity(),
    )
