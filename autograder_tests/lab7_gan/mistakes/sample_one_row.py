"""sample uses one row of noise for all examples."""

CAUGHT_BY = ("sample_shape",)
HINT = "Every example needs noise of its own."
LECTURE = "lecture 2, Generative Adversarial Networks"


@torch.no_grad()
def sample(generator, n, seed):
    width = next(generator.parameters()).shape[1]
    source = torch.Generator().manual_seed(seed)
    return generator(torch.randn(1, width, generator=source).repeat(n, 1))
