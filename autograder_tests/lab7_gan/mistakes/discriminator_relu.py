"""The discriminator has ReLU units where leaky ones are asked for."""

CAUGHT_BY = (
    "discriminator_forward",
    "optimizers",
    "discriminator_step_exact",
    "generator_step_exact",
    "confident_steps",
    "alternating_steps",
)
HINT = "A leaky unit passes a gradient back to the generator on both sides."
LECTURE = "lecture 5, Activation functions"


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    return nn.Sequential(
        Scale(scale),
        nn.Linear(n_in, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 1),
        nn.Identity(),
    )
