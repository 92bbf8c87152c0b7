"""interpolate leaves out both ends."""

CAUGHT_BY = ("interpolation_ends",)
HINT = "The first point is z0 and the last z1."
LECTURE = "lecture 2, Application: Face arithmetic"


@torch.no_grad()
def interpolate(generator, z0, z1, n):
    share = torch.linspace(0, 1, n + 2)[1:-1, None]
    return generator((1 - share) * z0 + share * z1)
