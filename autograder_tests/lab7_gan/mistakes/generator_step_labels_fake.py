"""The generator's step labels its examples as fakes."""

CAUGHT_BY = ("first_generator_step", "generator_step_exact")
HINT = "The generator wants its examples to be taken for real."
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_step(generator, discriminator, optimizer, noise):
    loss = functional.softplus(discriminator(generator(noise))).mean()
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
