"""fit_ring returns stored training examples instead of a generator."""

CAUGHT_BY = ("ring_seeds",)
HINT = "What does your generator make of noise that it has never seen?"
LECTURE = "lecture 2, Generative Adversarial Networks"


class Memory(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.examples = nn.Parameter(x.clone())

    def forward(self, noise):
        places = (noise.sum(dim=1).abs() * 1e4).long() % len(self.examples)
        return self.examples[places]


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    return Memory(x.to(device))
