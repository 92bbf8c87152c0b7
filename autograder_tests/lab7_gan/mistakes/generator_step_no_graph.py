"""The generator's step makes its fakes without a graph, so that there is nothing to go back
through.
"""

CAUGHT_BY = ("first_generator_step", "generator_step_exact")
HINT = "torch.no_grad belongs into the other step."
LECTURE = "lecture 3, Back-propagation"


def generator_step(generator, discriminator, optimizer, noise):
    with torch.no_grad():
        logits = discriminator(generator(noise))
    loss = generator_loss(logits)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
