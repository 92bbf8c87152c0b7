"""sample uses the same 256 rows of noise again and again."""

CAUGHT_BY = ("sample_noise",)
HINT = "Is the noise of row 257 that of row 1?"
LECTURE = "lecture 2, Generative Adversarial Networks"


@torch.no_grad()
def sample(generator, n, seed):
    width = next(generator.parameters()).shape[1]
    source = torch.Generator().manual_seed(seed)
    noise = torch.randn(256, width, generator=source)
    return generator(noise.repeat(-(-n // 256), 1)[:n])
