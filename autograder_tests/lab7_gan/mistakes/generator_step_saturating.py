"""The generator's step uses the loss that saturates."""

CAUGHT_BY = ("first_generator_step", "generator_step_exact", "confident_steps")
HINT = "Which of the two generator losses does the statement ask for in training?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(noise)), saturating=True)
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
