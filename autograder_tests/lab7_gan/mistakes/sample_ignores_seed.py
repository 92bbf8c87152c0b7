"""sample draws from the global generator: its seed does not matter."""

CAUGHT_BY = ("sample_shape",)
HINT = "Two seeds, two sets of examples."
LECTURE = "lecture 2, Generative Adversarial Networks"


@torch.no_grad()
def sample(generator, n, seed):
    width = next(generator.parameters()).shape[1]
    return generator(torch.randn(n, width))
