"""fit_digits returns stored training images instead of a generator."""

CAUGHT_BY = ("digits_seeds",)
HINT = "What does your generator make of noise that it has never seen?"
LECTURE = "lecture 2, Generative Adversarial Networks"


class Album(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.images = nn.Parameter(x.clone())

    def forward(self, noise):
        places = (noise.sum(dim=1).abs() * 1e4).long() % len(self.images)
        return self.images[places]


def fit_digits(x, *, steps=2500, batch_size=128, seed=0, device="cpu"):
    return Album(x.to(device))
