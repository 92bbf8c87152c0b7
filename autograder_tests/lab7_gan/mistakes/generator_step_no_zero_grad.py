"""The generator's step adds to the gradients of the steps before."""

CAUGHT_BY = ("alternating_steps",)
HINT = "What does backward do with gradients that are already there?"
LECTURE = "lecture 3, Back-propagation"


def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise)))
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
