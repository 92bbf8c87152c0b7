"""sample uses one number for all columns of a row's noise."""

CAUGHT_BY = ("sample_noise",)
HINT = "How many different numbers does a row of noise have?"
LECTURE = "lecture 2, Generative Adversarial Networks"


@torch.no_grad()
def sample(generator, n, seed):
    width = next(generator.parameters()).shape[1]
    source = torch.Generator().manual_seed(seed)
    return generator(torch.randn(n, 1, generator=source).repeat(1, width))
