"""The generator's step makes its loss larger."""

CAUGHT_BY = ("first_generator_step", "generator_step_exact")
HINT = "Compute the loss before and after a step."
LECTURE = "lecture 3, Back-propagation"


def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise)))
    optimizer.zero_grad()
    (-loss).backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
