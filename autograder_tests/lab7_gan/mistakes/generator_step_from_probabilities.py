"""The generator's step takes the logarithm of a probability, which is 0 where the discriminator is
certain.
"""

CAUGHT_BY = ("confident_steps",)
HINT = "Take the loss from the logits."
LECTURE = "lecture 5, Loss Functions"


def generator_step(generator, discriminator, optimizer, noise):
    probs = torch.sigmoid(discriminator(generator(noise)))
    loss = -torch.log(probs + 1e-8).mean()
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
