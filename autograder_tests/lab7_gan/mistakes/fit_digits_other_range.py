"""fit_digits shows the discriminator real images in [-1, 1], while the fakes are in [0, 1]."""

CAUGHT_BY = ("digits_frechet",)
HINT = "Print the least and the largest pixel of a real batch and of a fake one."
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_digits(x, *, steps=2500, batch_size=128, seed=0, device="cpu"):
    torch.manual_seed(seed)
    generator = build_generator(16, x.shape[1], bounded=True).to(device)
    discriminator = build_discriminator(x.shape[1]).to(device)
    return train(
        generator,
        discriminator,
        2.0 * x.to(device) - 1.0,
        latent=16,
        steps=steps,
        batch_size=batch_size,
        learning_rate=6e-3,
    )
