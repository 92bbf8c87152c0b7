"""The discriminator's step labels real examples as fakes and fakes as real."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "Compute the discriminator's answers before and after a step. Which way do they move?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(fake), discriminator(real))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
