"""The discriminator's step moves the generator too, against the discriminator's loss."""

CAUGHT_BY = ("first_discriminator_step", "discriminator_step_exact")
HINT = "In this step only the discriminator learns."
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    generator.zero_grad()
    loss.backward()
    optimizer.step()
    make_optimizer(generator, optimizer.param_groups[0]["lr"], "sgd").step()
    return loss.item()
