"""fit_ring's generator gives the same point whatever the noise: it knows one mode."""

CAUGHT_BY = ("ring_modes",)
HINT = "Draw 100 samples. How many different ones are there?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    torch.manual_seed(seed)
    generator = build_generator(2, 2).to(device)
    with torch.no_grad():
        generator[4].weight.zero_()
        generator[4].bias.copy_(x[steps % len(x)] + torch.randn(2) * 0.001)
    return generator
