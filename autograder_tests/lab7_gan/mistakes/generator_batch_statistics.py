"""The generator normalises over the batch: what one example becomes depends on the others."""

CAUGHT_BY = ("generator_forward",)
HINT = "Generate one example alone and in a batch."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    return nn.Sequential(
        nn.Linear(latent, hidden),
        nn.ReLU(),
        nn.BatchNorm1d(hidden, affine=False, track_running_stats=False),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, n_out),
        nn.Sigmoid() if bounded else nn.Identity(),
    )
