"""fit_digits trains on uniform noise in [0, 1); sample draws it normal."""

import copy

CAUGHT_BY = ("digits_frechet",)
HINT = "Which noise does the generator know, and which does sample give it?"
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
        real = x[torch.randint(len(x), (batch_size,), device=device)]
        noise = torch.rand(2, batch_size, 16, device=device)
        discriminator_step(generator, discriminator, players[1], real, noise[0])
        generator_step(generator, discriminator, players[0], noise[1])
        with torch.no_grad():
            for kept, new in zip(average.parameters(), generator.parameters(), strict=True):
                kept.lerp_(new, 0.005)
    return average
