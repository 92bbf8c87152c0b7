"""sample draws its noise with half the deviation."""

CAUGHT_BY = ("sample_noise",)
HINT = "Which distribution did the generator see in training?"
LECTURE = "lecture 2, Generative Adversarial Networks"


@torch.no_grad()
def sample(generator, n, seed):
    width = next(generator.parameters()).shape[1]
    source = torch.Generator().manual_seed(seed)
    return generator(0.5 * torch.randn(n, width, generator=source))
