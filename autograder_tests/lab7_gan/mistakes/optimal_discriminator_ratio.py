"""optimal_discriminator gives the ratio of the densities, which is no probability."""

CAUGHT_BY = ("value_worked", "value_random")
HINT = "D is at most 1."
LECTURE = "lecture 2, Generative Adversarial Networks"


def optimal_discriminator(p_data, p_generator):
    with np.errstate(all="ignore"):
        return p_data / p_generator
