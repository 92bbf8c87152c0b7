"""The discriminator's loss is taken of the mean logit, not as the mean of the losses."""

CAUGHT_BY = ("discriminator_step_exact",)
HINT = "Two fakes with logits 5 and -5: has the discriminator nothing to learn?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def discriminator_step(generator, discriminator, optimizer, real, noise):
    with torch.no_grad():
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real).mean(), discriminator(fake).mean())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
