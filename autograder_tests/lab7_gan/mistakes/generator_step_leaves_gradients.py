"""The generator's step leaves gradients in the discriminator."""

CAUGHT_BY = ("other_gradients",)
HINT = "backward() fills every parameter on its way, also those that are not to be trained."
LECTURE = "lecture 3, Back-propagation"


def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
