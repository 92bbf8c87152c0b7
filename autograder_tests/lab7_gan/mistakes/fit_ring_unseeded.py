"""fit_ring draws its batches from a generator without a seed."""

CAUGHT_BY = ("ring_seeds",)
HINT = "Weights, batches and noise: which of them does the seed not reach?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    torch.manual_seed(seed)
    generator, discriminator = (
        build_generator(2, 2).to(device),
        build_discriminator(2, scale=2.0).to(device),
    )
    x = x[torch.from_numpy(np.random.default_rng().permutation(len(x)))]
    return train(
        generator,
        discriminator,
        x.to(device),
        latent=2,
        steps=steps,
        batch_size=batch_size,
        learning_rate=4e-3,
    )
