"""The discriminator has batch normalisation, which is not asked for."""

CAUGHT_BY = ("networks_shapes",)
HINT = "Real examples and fakes in separate batches have separate statistics: they give the fakes away."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(scale),
        nn.Linear(n_in, hidden),
        nn.BatchNorm1d(hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 1),
        nn.Identity(),
    )
