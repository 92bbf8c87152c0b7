"""fit_ring ignores its seed."""

CAUGHT_BY = ("ring_seeds",)
HINT = "Where is seed used?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    generator, discriminator = (
        build_generator(2, 2).to(device),
        build_discriminator(2, scale=2.0).to(device),
    )
    return train(
        generator,
        discriminator,
        x.to(device),
        latent=2,
        steps=steps,
        batch_size=batch_size,
        learning_rate=4e-3,
    )
