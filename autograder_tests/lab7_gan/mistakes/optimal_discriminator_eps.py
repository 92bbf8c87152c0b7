"""optimal_discriminator adds a small number to the denominator."""

CAUGHT_BY = ("value_random",)
HINT = "What becomes of densities of 1e-12?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def optimal_discriminator(p_data, p_generator):
    total = p_data + p_generator
    return np.where(total > 0, p_data / (total + 1e-8), 0.5)
