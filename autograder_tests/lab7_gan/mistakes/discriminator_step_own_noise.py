"""discriminator_step draws noise of its own instead of using its argument."""

CAUGHT_BY = ("discriminator_step_exact",)
HINT = "Is the argument noise used?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(torch.randn_like(noise))
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
