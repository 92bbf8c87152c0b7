"""optimal_discriminator gives nan where both densities are 0."""

CAUGHT_BY = ("value_random",)
HINT = "The statement says what D is where both densities are 0."
LECTURE = "lecture 2, Generative Adversarial Networks"


def optimal_discriminator(p_data, p_generator):
    with np.errstate(all="ignore"):
        return p_data / (p_data + p_generator)
