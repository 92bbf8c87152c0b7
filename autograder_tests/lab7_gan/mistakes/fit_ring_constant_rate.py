"""fit_ring neither lowers the learning rate nor averages the generators: the players keep circling."""

CAUGHT_BY = ("ring_modes",)
HINT = "Which part of the recipe lets the players settle?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    torch.manual_seed(seed)
    generator, discriminator = (
        build_generator(2, 2).to(device),
        build_discriminator(2, scale=2.0).to(device),
    )
    x = x.to(device)
    players = [make_optimizer(model, 4e-3) for model in (generator, discriminator)]
    for step in range(steps):
        real = x[torch.randint(len(x), (batch_size,), device=device)]
        noise = torch.randn(2, batch_size, 2, device=device)
        discriminator_step(generator, discriminator, players[1], real, noise[0])
        generator_step(generator, discriminator, players[0], noise[1])
    return generator
