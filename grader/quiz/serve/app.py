"""The web application: addresses, cookies, forms. What is decided, is decided elsewhere."""

import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from grader.quiz.extra import need
from grader.quiz.serve import desk as lecturer
from grader.quiz.serve import seat
from grader.quiz.serve.answers import Form
from grader.quiz.serve.desk import Desk
from grader.quiz.serve.exchange import Ask, Reply, html, plain_json
from grader.quiz.serve.guard import Guard, read_body
from grader.quiz.serve.notices import RefusedError, forged, not_stored
from grader.quiz.serve.pages import HERE, STATIC
from grader.quiz.serve.writer import BusyError

Handler = Callable[[Ask], Awaitable[Reply]]
MOST_FIELDS = 400
FORM_TYPE = "application/x-www-form-urlencoded"
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # of an SVG opened alone
COOKIE_S = 24 * 3600  # longer than a test: a browser that was closed comes back
MINUTES = "private, max-age=600"
WEEK = "private, max-age=604800, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the application needs to know.

    Attributes:
        state: The file, to send a copy of it.
        cookie: Its name: two tests on one host do not share it.
        is_secure: Whether students come by https.
    """

    desk: Desk
    state: Path
    cookie: str
    is_secure: bool = False


def create_app(site: Site) -> Any:
    """Return the ASGI application; the writer starts and stops with it."""
    applications, routing = need("starlette.applications"), need("starlette.routing")
    writer = site.desk.room.writer

    @contextlib.asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        writer.start()
        try:
            yield
        finally:
            writer.stop()

    routes = [
        routing.Route(path, _endpoint(site, handlers, is_script=is_script), methods=[*handlers])
        for path, handlers, is_script in _addresses(site)
    ]
    routes += [
        routing.Route("/static/{name}", partial(_static, _own_files()), methods=["GET"]),
        routing.Route("/image/{name}", partial(_picture, site), methods=["GET"]),
    ]
    app = applications.Starlette(
        routes=routes, lifespan=lifespan, exception_handlers={404: _missing, 405: _missing}
    )
    app.router.redirect_slashes = False
    return Guard(app)


def _addresses(site: Site) -> list[tuple[str, Mapping[str, Handler], bool]]:
    """Return path, handler by method, and whether the script asks, of each address."""
    room, desk = site.desk.room, site.desk
    link, own = "/s/{token}", "/l/{token}"
    return [
        ("/", {"GET": partial(_front, site)}, False),
        (link, {"GET": partial(seat.show_link, room)}, False),
        (f"{link}/begin", {"POST": partial(seat.begin, room)}, False),
        (
            "/test",
            {"GET": partial(seat.show_test, room), "POST": partial(seat.take_form, room)},
            False,
        ),
        ("/review", {"GET": partial(seat.show_review, room)}, False),
        ("/save", {"POST": partial(seat.take_save, room)}, True),
        ("/left", {"GET": partial(seat.show_left, room)}, True),
        (
            own,
            {"GET": partial(lecturer.show_desk, desk), "POST": partial(lecturer.act, desk)},
            False,
        ),
        (f"{own}/counts", {"GET": partial(lecturer.show_counts, desk)}, True),
        (f"{own}/scores.csv", {"GET": partial(lecturer.send_scores, desk)}, False),
        (
            f"{own}/state.sqlite",
            {"GET": partial(lecturer.send_state, desk, copy=site.state)},
            False,
        ),
    ]


async def _front(site: Site, _: Ask) -> Reply:
    pages = site.desk.room.pages
    return html(pages.message("A test is given here", "Open the link that you were given."))


def _endpoint(site: Site, handlers: Mapping[str, Handler], *, is_script: bool) -> Any:
    responses = need("starlette.responses")

    async def endpoint(request: Any) -> Any:
        try:
            ask = await _ask(site, request)
            reply = await handlers["GET" if ask.method == "HEAD" else ask.method](ask)
        except RefusedError as error:
            reply = _refusal(site, error, is_script=is_script)
        except BusyError:
            reply = _refusal(site, not_stored(), is_script=is_script)
        return _response(site, responses, reply)

    return endpoint


async def _ask(site: Site, request: Any) -> Ask:
    ask = Ask(
        method=request.method,
        token=request.path_params.get("token", ""),
        browser=request.cookies.get(site.cookie, ""),
    )
    if request.method != "POST":
        return ask
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise RefusedError(403, "This form comes from another site")
    body = await read_body(request.receive, request.headers.get("content-length", ""))
    return replace(ask, form=_form(body, request.headers.get("content-type", "")))


def _form(body: bytes, content_type: str) -> Form:
    if body and content_type.partition(";")[0].strip().lower() != FORM_TYPE:
        raise forged()
    try:
        return parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="strict",
        )
    except ValueError as error:
        raise forged() from error


def _refusal(site: Site, error: RefusedError, *, is_script: bool) -> Reply:
    if is_script:
        reply = plain_json({"problem": f"{error.title}."}, error.status)
    else:
        page = site.desk.room.pages.message(error.title, *error.texts, code=error.code)
        reply = html(page, error.status)
    waits = {"retry-after": "5"} if error.status in (429, 503) else {}
    return replace(reply, headers=waits)


def _response(site: Site, responses: Any, reply: Reply) -> Any:
    headers = dict(reply.headers)
    if reply.location:
        headers["location"] = reply.location
    if reply.file_name:
        name = re.sub(r"[^\w.-]", "_", reply.file_name, flags=re.ASCII)
        headers["content-disposition"] = f'attachment; filename="{name}"'
    response = responses.Response(
        reply.body, status_code=reply.status, media_type=reply.media_type, headers=headers
    )
    if reply.browser:
        response.set_cookie(
            site.cookie,
            reply.browser,
            path="/",
            max_age=COOKIE_S,
            httponly=True,
            samesite="lax",
            secure=site.is_secure,
        )
    return response


def _own_files() -> dict[str, bytes]:
    return {name: (HERE / "static" / name).read_bytes() for name in STATIC}


async def _static(files: Mapping[str, bytes], request: Any) -> Any:
    """Send one of our own files, by a name in the table and no other."""
    responses = need("starlette.responses")
    name = request.path_params["name"]
    if name not in files:
        return await _missing(request, None)
    headers = {"content-type": STATIC[name], "cache-control": MINUTES}
    return responses.Response(files[name], headers=headers)


async def _picture(site: Site, request: Any) -> Any:
    responses = need("starlette.responses")
    image = site.desk.room.pages.gallery.images.get(request.path_params["name"])
    if image is None:
        return await _missing(request, None)
    headers = {"cache-control": WEEK, "content-security-policy": PICTURE_POLICY}
    return responses.Response(image.content, media_type=image.media_type, headers=headers)


async def _missing(request: Any, error: Any) -> Any:
    responses = need("starlette.responses")
    status = getattr(error, "status_code", 404)
    return responses.PlainTextResponse("There is no such page.", status_code=status)
