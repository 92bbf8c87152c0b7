"""fit_digits stops after 300 steps, when the digits are still blots."""

CAUGHT_BY = ("digits_frechet",)
HINT = "Show samples after every 500 steps. When do they stop getting better?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_digits(x, *, steps=2500, batch_size=128, seed=0, device="cpu"):
    torch.manual_seed(seed)
    generator = build_generator(16, x.shape[1], bounded=True).to(device)
    discriminator = build_discriminator(x.shape[1]).to(device)
    return train(
        generator,
        discriminator,
        x.to(device),
        latent=16,
        steps=min(steps, 300),
        batch_size=batch_size,
        learning_rate=6e-3,
    )
