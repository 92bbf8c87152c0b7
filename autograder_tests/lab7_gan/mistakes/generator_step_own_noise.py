"""generator_step draws noise of its own instead of using its argument."""

CAUGHT_BY = ("generator_step_exact",)
HINT = "Is the argument noise used?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def generator_step(generator, discriminator, optimizer, noise):
    loss = generator_loss(discriminator(generator(torch.randn_like(noise))))
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()
