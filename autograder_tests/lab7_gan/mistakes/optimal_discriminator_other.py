"""optimal_discriminator gives the share of fakes instead of real examples."""

CAUGHT_BY = ("value_worked", "value_random")
HINT = "Where only the data puts anything, D should be 1."
LECTURE = "lecture 2, Generative Adversarial Networks"


def optimal_discriminator(p_data, p_generator):
    return 0.5 + 0.5 * np.divide(
        p_generator - p_data,
        p_data + p_generator,
        out=np.zeros(np.shape(p_data)),
        where=p_data + p_generator > 0,
    )
