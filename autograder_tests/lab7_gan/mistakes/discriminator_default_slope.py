"""The discriminator's leaky units have the library's slope 0.01 instead of 0.2."""

CAUGHT_BY = (
    "discriminator_forward",
    "optimizers",
    "discriminator_step_exact",
    "generator_step_exact",
    "confident_steps",
    "alternating_steps",
)
HINT = "What is the slope of LeakyReLU if you do not say it?"
LECTURE = "lecture 5, Activation functions"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(scale),
        nn.Linear(n_in, hidden),
        nn.LeakyReLU(),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(),
        nn.Linear(hidden, 1),
        nn.Identity(),
    )
