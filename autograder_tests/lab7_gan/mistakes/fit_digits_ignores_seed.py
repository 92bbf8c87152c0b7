"""fit_digits ignores its seed."""

CAUGHT_BY = ("digits_seeds",)
HINT = "Where is seed used?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_digits(x, *, steps=2500, batch_size=128, seed=0, device="cpu"):
    generator = build_generator(16, x.shape[1], bounded=True).to(device)
    discriminator = build_discriminator(x.shape[1]).to(device)
    return train(
        generator,
        discriminator,
        x.to(device),
        latent=16,
        steps=steps,
        batch_size=batch_size,
        learning_rate=6e-3,
    )
