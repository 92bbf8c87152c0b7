"""The generator's layers have no bias."""

CAUGHT_BY = ("networks_shapes",)
HINT = "How many parameters does the statement give each layer?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    return nn.Sequential(
        nn.Linear(latent, hidden, bias=False),
        nn.ReLU(),
        nn.Linear(hidden, hidden, bias=False),
        nn.ReLU(),
        nn.Linear(hidden, n_out, bias=False),
        nn.Sigmoid() if bounded else nn.Identity(),
    )
