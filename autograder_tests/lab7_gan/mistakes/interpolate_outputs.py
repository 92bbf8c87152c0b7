"""interpolate mixes the two generated examples instead of the noise."""

CAUGHT_BY = ("interpolation_latent",)
HINT = "A mixture of two images is a double exposure. What does the generator make of the noise halfway?"
LECTURE = "lecture 2, Application: Face arithmetic"


@torch.no_grad()
def interpolate(generator, z0, z1, n):
    share = torch.linspace(0, 1, n)[:, None]
    return (1 - share) * generator(z0[None]) + share * generator(z1[None])
