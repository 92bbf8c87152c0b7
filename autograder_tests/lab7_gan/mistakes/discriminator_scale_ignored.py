"""build_discriminator ignores its argument scale."""

CAUGHT_BY = ("discriminator_forward",)
HINT = "The input is multiplied by scale before the first layer."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        nn.Identity(),
        nn.Linear(n_in, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 1),
        nn.Identity(),
    )
