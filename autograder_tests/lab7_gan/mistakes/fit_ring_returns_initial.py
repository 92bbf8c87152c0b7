"""fit_ring returns a copy of the generator made before training."""

CAUGHT_BY = ("ring_seeds",)
HINT = "Compare the weights of what comes back with those of a new generator."
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    torch.manual_seed(seed)
    generator, discriminator = (
        build_generator(2, 2).to(device),
        build_discriminator(2, scale=2.0).to(device),
    )
    best = copy.deepcopy(generator)
    train(
        generator,
        discriminator,
        x.to(device),
        latent=2,
        steps=steps,
        batch_size=batch_size,
        learning_rate=4e-3,
    )
    return best
