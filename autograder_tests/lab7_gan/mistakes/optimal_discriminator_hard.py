"""optimal_discriminator answers with 0 or 1 instead of a probability."""

CAUGHT_BY = ("value_worked", "value_random")
HINT = "Where 3 of 4 examples are real, how sure can the best D be?"
LECTURE = "lecture 2, Generative Adversarial Networks"


def optimal_discriminator(p_data, p_generator):
    return np.where(p_data > p_generator, 1.0, np.where(p_data < p_generator, 0.0, 0.5))
