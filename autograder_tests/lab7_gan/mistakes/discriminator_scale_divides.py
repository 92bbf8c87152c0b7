"""build_discriminator divides its input by scale."""

CAUGHT_BY = ("discriminator_forward",)
HINT = "With scale 2 the discriminator sees everything twice as large."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(1 / scale),
        nn.Linear(n_in, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 1),
        nn.Identity(),
    )
