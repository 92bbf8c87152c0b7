"""The discriminator's step makes its loss larger."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "Compute the loss before and after a step."
LECTURE = "lecture 3, Back-propagation"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    (-loss).backward()
    optimizer.step()
    return loss.item()
