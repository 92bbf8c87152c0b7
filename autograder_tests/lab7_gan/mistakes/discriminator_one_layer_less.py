"""The discriminator has one hidden layer instead of two."""

CAUGHT_BY = ("networks_shapes",)
HINT = "Count the weights: the statement asks for three."
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(scale), nn.Linear(n_in, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1)
    )
