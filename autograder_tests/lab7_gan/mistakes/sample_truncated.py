"""sample cuts its noise off at two deviations."""

CAUGHT_BY = ("sample_noise",)
HINT = "Truncated noise makes nicer and less different examples. It is not asked for."
LECTURE = "lecture 2, Generative Adversarial Networks"


@torch.no_grad()
def sample(generator, n, seed):
    width = next(generator.parameters()).shape[1]
    source = torch.Generator().manual_seed(seed)
    return generator(torch.randn(n, width, generator=source).clamp(-2, 2))
