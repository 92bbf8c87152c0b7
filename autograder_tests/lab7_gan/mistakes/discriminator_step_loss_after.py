"""discriminator_step returns the loss after its step."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "The statement asks for the loss before the step."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return discriminator_loss(discriminator(real), discriminator(fake)).item()
