"""build_discriminator multiplies the logit by scale, not the input."""

CAUGHT_BY = ("discriminator_forward",)
HINT = "Biases make a difference between scaling the input and scaling the output."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        nn.Identity(),
        nn.Linear(n_in, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 1),
        Scale(scale),
    )
