"""fit_ring trains on uniform noise in [0, 1); sample draws it normal."""

import copy

CAUGHT_BY = ("ring_modes",)
HINT = "Which noise does the generator know, and which does sample give it?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    torch.manual_seed(seed)
    generator = build_generator(2, 2).to(device)
    discriminator = build_discriminator(2, scale=2.0).to(device)
    x = x.to(device)
    average = copy.deepcopy(generator)
    players = [make_optimizer(model, 4e-3) for model in (generator, discriminator)]
    for step in range(steps):
        for player in players:
            player.param_groups[0]["lr"] = 4e-3 * (1.0 - 0.98 * step / steps)
        real = x[torch.randint(len(x), (batch_size,), device=device)]
        noise = torch.rand(2, batch_size, 2, device=device)
        discriminator_step(generator, discriminator, players[1], real, noise[0])
        generator_step(generator, discriminator, players[0], noise[1])
        with torch.no_grad():
            for kept, new in zip(average.parameters(), generator.parameters(), strict=True):
                kept.lerp_(new, 0.005)
    return average
