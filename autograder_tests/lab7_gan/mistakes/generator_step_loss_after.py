"""generator_step returns the loss after its step."""

CAUGHT_BY = ("first_generator_step", "generator_step_exact")
HINT = "The statement asks for the loss before the step."
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise)))
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return generator_loss(discriminator(generator(noise))).item()
