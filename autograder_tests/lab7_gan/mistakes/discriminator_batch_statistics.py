"""The discriminator normalises over the batch: real batches and fake batches get statistics of
their own.
"""

CAUGHT_BY = ("discriminator_forward",)
HINT = "Judge one example alone and in a batch."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(scale),
        nn.Linear(n_in, hidden),
        nn.BatchNorm1d(hidden, affine=False, track_running_stats=False),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 1),
        nn.Identity(),
    )
