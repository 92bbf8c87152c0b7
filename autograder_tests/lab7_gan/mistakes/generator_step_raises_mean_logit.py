"""The generator's step only pushes its logits up, whatever they are."""

CAUGHT_BY = ("first_generator_step", "generator_step_exact")
HINT = "That is the Wasserstein loss. How much does a fake teach that is taken for real already?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_step(generator, discriminator, optimizer, noise):
    loss = -discriminator(generator(noise)).mean()
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
