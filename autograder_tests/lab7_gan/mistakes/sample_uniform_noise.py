"""sample draws uniform noise between 0 and 1."""

CAUGHT_BY = ("sample_noise",)
HINT = "Which distribution did the generator see in training?"
LECTURE = "lecture 2, Generative Adversarial Networks"


@torch.no_grad()
def sample(generator, n, seed):
    width = next(generator.parameters()).shape[1]
    source = torch.Generator().manual_seed(seed)
    return generator(torch.rand(n, width, generator=source))
