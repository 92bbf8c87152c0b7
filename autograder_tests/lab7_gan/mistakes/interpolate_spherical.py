"""interpolate walks along an arc instead of a straight line."""

CAUGHT_BY = ("interpolation_latent",)
HINT = "The straight line is asked for."
LECTURE = "lecture 2, Application: Face arithmetic"


@torch.no_grad()
def interpolate(generator, z0, z1, n):
    share = torch.linspace(0, 1, n)[:, None]
    angle = torch.arccos((z0 @ z1 / z0.norm() / z1.norm()).clamp(-1, 1))
    mixed = torch.sin((1 - share) * angle) * z0 + torch.sin(share * angle) * z1
    return generator(mixed / torch.sin(angle))
