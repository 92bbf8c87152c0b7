"""The generator's step uses the sum over the batch instead of the mean."""

CAUGHT_BY = ("first_generator_step", "generator_step_exact")
HINT = "Does a larger batch make larger steps?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_step(generator, discriminator, optimizer, noise):
    logits = discriminator(generator(noise))
    loss = functional.softplus(-logits).sum()
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
