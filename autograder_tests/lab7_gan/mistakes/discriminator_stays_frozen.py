"""The generator's step freezes the discriminator and never thaws it."""

CAUGHT_BY = ("gaussian_game", "alternating_steps")
HINT = "What you switch off for one step must be on again afterwards."
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_step(generator, discriminator, optimizer, noise):
    discriminator.requires_grad_(False)
    loss = generator_loss(discriminator(generator(noise)))
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
