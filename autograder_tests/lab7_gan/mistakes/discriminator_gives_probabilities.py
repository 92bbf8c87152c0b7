"""The discriminator ends in a sigmoid; its losses expect logits and take it again."""

CAUGHT_BY = ("discriminator_forward",)
HINT = "Can your discriminator answer with a negative number?"
LECTURE = "lecture 5, Activation functions"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(scale),
        nn.Linear(n_in, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 1),
        nn.Sigmoid(),
    )
