"""build_discriminator multiplies its initial weights by scale instead of the input."""

CAUGHT_BY = ("discriminator_forward",)
HINT = "Load other weights: is the input still scaled?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    first = nn.Linear(n_in, hidden)
    with torch.no_grad():
        first.weight.mul_(scale)
    return nn.Sequential(
        first, nn.LeakyReLU(0.2), nn.Linear(hidden, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, 1)
    )
