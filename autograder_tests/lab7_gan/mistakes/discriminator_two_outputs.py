"""The discriminator gives two numbers for each example, as for two classes."""

CAUGHT_BY = ("networks_shapes",)
HINT = "One logit is enough for real or fake."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(scale),
        nn.Linear(n_in, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 2),
        nn.Identity(),
    )
