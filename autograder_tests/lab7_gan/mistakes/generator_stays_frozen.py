"""The discriminator's step freezes the generator and never thaws it."""

CAUGHT_BY = ("gaussian_game", "alternating_steps")
HINT = "What you switch off for one step must be on again afterwards."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    generator.requires_grad_(False)
    fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
