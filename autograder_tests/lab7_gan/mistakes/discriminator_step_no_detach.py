"""The discriminator's step leaves gradients in the generator: the fakes are not detached."""

CAUGHT_BY = ("other_gradients",)
HINT = "The fakes are data for the discriminator; cut the graph that leads back to the generator."
LECTURE = "lecture 3, Back-propagation"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
