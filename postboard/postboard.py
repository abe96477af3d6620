"""The composition root: one app from settings, database, pages and routes."""

import reflex as rx
from reflex.utils.prerequisites import get_web_dir
from starlette.applications import Starlette

from postboard import api
from postboard.db.engine import Database
from postboard.jobs import inbound, mail, runner, warming
from postboard.jobs.kinds import DOING
from postboard.notifications import sink
from postboard.settings import read_settings
from postboard.ui import guard, limits, live, presence, session, words
from postboard.ui import uploads as uploads_place
from postboard.ui.components.connection import Connection
from postboard.ui.layout import Shell
from postboard.ui.pages import (
    board,
    calendar,
    campaigns,
    clients,
    guidelines,
    ideas,
    library,
    not_found,
    people,
    performance,
    performance_import,
    plan_import,
    post,
    review,
    set_up,
    sign_in,
    work,
)
from postboard.ui.pages.board.state import BoardState
from postboard.ui.pages.calendar.state import CalendarState
from postboard.ui.pages.campaigns.state import CampaignsState
from postboard.ui.pages.clients.state import ClientsState
from postboard.ui.pages.guidelines.state import GuidelinesPage
from postboard.ui.pages.ideas.state import IdeasPage
from postboard.ui.pages.library.state import LibraryPage
from postboard.ui.pages.people.state import PeopleState
from postboard.ui.pages.performance.goals import GoalsState
from postboard.ui.pages.performance.state import PerformanceState
from postboard.ui.pages.performance_import.state import PerformanceImport
from postboard.ui.pages.plan_import.state import PlanImport
from postboard.ui.pages.post.state import PostPage
from postboard.ui.pages.review.state import ReviewState
from postboard.ui.pages.work.state import WorkState
from postboard.ui.words import _

settings = read_settings()
database = Database(settings.database_url)
sessions = session.use(database, settings)
uploads = uploads_place.use(settings.run_folder / "uploads", settings.uploads_a_day)

app = rx.App(
    head_components=words.head(),
    toaster=None,
    extra_app_wraps={(5, "Overlay"): lambda _: rx.fragment(Connection.create())},
    stylesheets=[
        "/postboard.css",
        "/import.css",
        "/review.css",
        "/entry.css",
        "/clients.css",
        "/post.css",
        "/checks.css",
        "/media.css",
        "/record.css",
        "/talk.css",
        "/work.css",
        "/chain.css",
        "/planning.css",
        "/export.css",
        "/campaigns.css",
        "/ideas.css",
        "/guidelines.css",
        "/bulk.css",
        "/again.css",
        "/calendar.css",
        "/performance.css",
        "/agreement.css",
        "/people.css",
    ],
)
app.add_page(board.page, route="/board", title=_("Board"), on_load=[Shell.load, BoardState.load])
app.add_page(
    calendar.page,
    route="/calendar",
    title=_("Calendar"),
    on_load=[Shell.load, CalendarState.load],
)
app.add_page(post.page, route="/post", title=_("Post"), on_load=[Shell.load, PostPage.load])
app.add_page(work.page, route="/work", title=_("My work"), on_load=[Shell.load, WorkState.load])
app.add_page(
    plan_import.page,
    route="/import",
    title=_("Import a plan"),
    on_load=[Shell.load, PlanImport.load],
)
app.add_page(
    performance_import.page,
    route="/performance/import",
    title=_("Import figures"),
    on_load=[Shell.load, PerformanceImport.load],
)
app.add_page(review.page, route="/review", title=_("Review"), on_load=ReviewState.load)
app.add_page(
    clients.page, route="/clients", title=_("Clients"), on_load=[Shell.load, ClientsState.load]
)
app.add_page(
    library.page,
    route="/library",
    title=_("Media library"),
    on_load=[Shell.load, LibraryPage.load],
)
app.add_page(
    campaigns.page,
    route="/campaigns",
    title=_("Campaigns"),
    on_load=[Shell.load, CampaignsState.load],
)
app.add_page(
    performance.page,
    route="/performance",
    title=_("Performance"),
    on_load=[Shell.load, PerformanceState.load, GoalsState.load],
)
app.add_page(
    guidelines.page,
    route="/guidelines",
    title=_("Guidelines"),
    on_load=[Shell.load, GuidelinesPage.load],
)
app.add_page(
    people.page, route="/people", title=_("People"), on_load=[Shell.load, PeopleState.load]
)
app.add_page(ideas.page, route="/ideas", title=_("Ideas"), on_load=[Shell.load, IdeasPage.load])
app.add_page(sign_in.page, route="/sign-in", title=_("Sign in"), on_load=sign_in.SignIn.load)
app.add_page(set_up.page, route="/set-up", title=_("Welcome"), on_load=set_up.SetUp.load)
app.add_page(not_found.page, route="404", title=_("There is nothing at this address"))
guard.protect(app, sessions)
signals = live.attach(app, database, sessions)
presence.use(signals.others)
app.register_lifespan_task(sink.taking, settings=settings)
app.register_lifespan_task(mail.sending, database=database, settings=settings)
app.register_lifespan_task(runner.running, database=database, doing=DOING)
app.register_lifespan_task(warming.warming, database=database)
app.register_lifespan_task(inbound.receiving, database=database, settings=settings)
built = get_web_dir() / "build" / "client"
routes = api.routes(database, settings, uploads, built, ended=signals.left)
app.api_transformer = [Starlette(routes=routes), limits.gate(settings, sessions)]
