"""fit_digits shows the discriminator the same first images in every step."""

import copy

CAUGHT_BY = ("digits_frechet",)
HINT = "How many different real images has the discriminator seen when training ends?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_digits(x, *, steps=2500, batch_size=128, seed=0, device="cpu"):
    torch.manual_seed(seed)
    generator = build_generator(16, x.shape[1], bounded=True).to(device)
    discriminator = build_discriminator(x.shape[1]).to(device)
    x = x.to(device)
    average = copy.deepcopy(generator)
    players = [make_optimizer(model, 6e-3) for model in (generator, discriminator)]
    for step in range(steps):
        for player in players:
            player.param_groups[0]["lr"] = 6e-3 * (1.0 - 0.98 * step / steps)
        real = x[:batch_size]
        noise = torch.randn(2, batch_size, 16, device=device)
        discriminator_step(generator, discriminator, players[1], real, noise[0])
        generator_step(generator, discriminator, players[0], noise[1])
        with torch.no_grad():
            for kept, new in zip(average.parameters(), generator.parameters(), strict=True):
                kept.lerp_(new, 0.005)
    return average
