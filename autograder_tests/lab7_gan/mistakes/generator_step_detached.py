"""The fakes are detached in the generator's step: no gradient reaches the generator."""

CAUGHT_BY = ("first_generator_step", "generator_step_exact")
HINT = "In which of the two steps may the graph be cut?"
LECTURE = "lecture 3, Back-propagation"


def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise).detach()))
    optimizer.zero_grad()
    loss.backward()
    discriminator.zero_grad()
    optimizer.step()
    return loss.item()
