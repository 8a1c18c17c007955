"""The commands `outreach book` and `outreach bookings`: hours of the bus that groups have."""

from __future__ import annotations

import argparse
from datetime import date, timedelta

from commands.answer import Answer
from commands.argument import Subcommands
from commands.bus import bus_of_run
from commands.bus_argument import DAYS, parse_clock
from geodata.errors import InputError
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachPlan
from neighbourhoods.study.study import Study

YEAR_DAYS = 364


def add_bookings(subcommands: Subcommands) -> None:
    """Add the commands to that of the bus."""
    text = "Book hours in which the bus is free, every week of the cycle or on one date."
    sub = _command(subcommands, "book", text)
    when = sub.add_mutually_exclusive_group(required=True)
    when.add_argument("--day", default="", metavar="DAY", help="every week: mon to sun")
    when.add_argument("--date", default="", metavar="YYYY-MM-DD", help="on this date alone")
    sub.add_argument("--from", dest="start", required=True, metavar="HH:MM")
    sub.add_argument("--until", required=True, metavar="HH:MM")
    sub.add_argument("--group", required=True, metavar="NAME", help="of an organisation, not of a person")
    sub.add_argument("--week", type=int, default=1, help="of a fortnight: 1 or 2 (default 1)")
    sub.add_argument("--vehicle", type=int, default=1, help="default 1")
    sub.add_argument(
        "--first-day", default="", metavar="YYYY-MM-DD", help="of the plan's week 1 (default: this week)"
    )
    sub.add_argument("--last-day", default="", metavar="YYYY-MM-DD", help="of the plan (default: a year on)")
    sub.add_argument("--note", default="")
    sub.add_argument("--author", default="", help="who records it")
    sub.add_argument("--shortest", type=int, default=120, metavar="MINUTES", help="of a hire (default 120)")
    sub.add_argument("--hours", default="8:00-22:00", metavar="HH:MM-HH:MM", help="of hire")
    sub.add_argument("--other-driver", action="store_true", help="another driver takes the hire")
    says = "Bookings of a plan: listed, or one of them cancelled."
    acts = subcommands.add_parser("bookings", help=says, description=says).add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    _command(acts, "list", "Bookings that stand, in the order of the week.")
    sub = _command(acts, "cancel", "Give the hours of a booking back.")
    sub.add_argument("booking", metavar="BOOKING_ID")
    sub.add_argument("--author", default="", help="who cancels it")


def _command(subcommands: Subcommands, name: str, text: str) -> argparse.ArgumentParser:
    sub: argparse.ArgumentParser = subcommands.add_parser(name, help=text, description=text)
    sub.add_argument("plan", metavar="PLAN", help="id or name of a saved plan of the bus, or id of a run")
    sub.add_argument("--workspace", default=argparse.SUPPRESS, help="folder of the workspace")
    sub.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
    return sub


def bookings_command(study: Study, options: argparse.Namespace) -> Answer:
    """What the command comes to, as plain values and in words."""
    plan, plan_id = _plan(study, options.plan)
    found, words = {"book": _book, "list": _list, "cancel": _cancel}[options.act](
        study, options, plan, plan_id
    )
    return {"authority": study.authority_name, "plan_id": plan_id, **found}, words


def _plan(study: Study, given: str) -> tuple[OutreachPlan, str]:
    """A saved plan or that of a run, with the name under which its bookings are kept."""
    from geodata.run_table import list_runs
    from neighbourhoods.outreach.edit_library import SAVED_MARK, find_outreach, plan_of

    if any(run.id == given for run in list_runs(study.store, "outreach")):
        return bus_of_run(study, given), given
    saved = find_outreach(study.store, study.authority_code, given)
    return plan_of(saved), f"{SAVED_MARK}{saved.id}"


def _book(
    study: Study, options: argparse.Namespace, plan: OutreachPlan, plan_id: str
) -> tuple[dict[str, object], str]:
    from neighbourhoods.outreach.booking import Booking, booking_of, booking_words, bookings_json
    from neighbourhoods.outreach.hire import book_hire
    from neighbourhoods.outreach.slot import HireTerms

    if options.date:
        on = parse_date(options.date)
        week, day = _week_on(options, plan, on), on.weekday()
    else:
        week, day = options.week - 1, DAYS.get(options.day.strip().lower()[:3], -1)
    if day < 0:
        raise InputError(f"There is no day {options.day!r}; days are {', '.join(DAYS)}.")
    if not 0 <= week < plan.params.n_weeks or not 1 <= options.vehicle <= plan.params.n_vehicles:
        raise InputError(
            f"The plan has {plan.params.n_weeks} week{'s' if plan.params.n_weeks > 1 else ''} and "
            f"{plan.params.n_vehicles} vehicle{'s' if plan.params.n_vehicles > 1 else ''}; give one of these."
        )
    begin, _, end = options.hours.partition("-")
    if ":" not in begin or ":" not in end:
        raise InputError(f"Hours of hire are written HH:MM-HH:MM, not {options.hours!r}.")
    if ":" not in options.start or ":" not in options.until:
        raise InputError("Give --from and --until as HH:MM.")
    terms = HireTerms(
        tuple(range(len(DAY_NAMES))),
        parse_clock(begin),
        parse_clock(end),
        options.shortest,
        is_other_driver=options.other_driver,
    )
    wanted = Booking(
        id="",
        plan_id=plan_id,
        week=week,
        day=day,
        vehicle=options.vehicle - 1,
        start_minute=parse_clock(options.start),
        end_minute=parse_clock(options.until),
        group=options.group,
        note=options.note,
        author=options.author,
        on_date=options.date,
    )
    booking_id = book_hire(study.store, study.authority_code, plan, terms, wanted)
    from geodata.booking_table import list_booking_rows

    rows = list_booking_rows(study.store, study.authority_code, plan_id)
    kept = booking_of(next(row for row in rows if row["id"] == booking_id))
    (told,) = bookings_json(plan, [kept])
    return {"booking": told}, f"Booked for {booking_words(plan, kept)} ({booking_id})"


def _list(
    study: Study, _options: argparse.Namespace, plan: OutreachPlan, plan_id: str
) -> tuple[dict[str, object], str]:
    from neighbourhoods.outreach.booking import booking_words, bookings_json, standing_bookings

    found = standing_bookings(study.store, study.authority_code, plan_id)
    lines = [f"{one.id}  {booking_words(plan, one)}" for one in found]
    return {"bookings": bookings_json(plan, found)}, "\n".join(lines) or "Nothing is booked."


def _cancel(
    study: Study, options: argparse.Namespace, plan: OutreachPlan, plan_id: str
) -> tuple[dict[str, object], str]:
    from geodata.booking_table import cancel_booking
    from neighbourhoods.outreach.booking import booking_words, standing_bookings

    standing = standing_bookings(study.store, study.authority_code, plan_id)
    cancel_booking(
        study.store,
        options.booking,
        authority_code=study.authority_code,
        plan_id=plan_id,
        author=options.author,
    )
    said = next((booking_words(plan, one) for one in standing if one.id == options.booking), options.booking)
    return {"cancelled": options.booking}, f"Cancelled: {said}"


def parse_date(text: str) -> date:
    """ "2026-12-04" as a date; raises InputError where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise InputError(f"A date is written YYYY-MM-DD, not {text!r}.") from fault


def _week_on(options: argparse.Namespace, plan: OutreachPlan, on: date) -> int:
    """The week of the cycle in which a date lies."""
    from neighbourhoods.outreach.running import Running

    if plan.params.n_weeks > 1 and not options.first_day:
        raise InputError("Rounds are fortnightly: say by --first-day when week 1 began or begins.")
    today = date.today()
    first = parse_date(options.first_day) if options.first_day else today - timedelta(days=today.weekday())
    last = parse_date(options.last_day) if options.last_day else first + timedelta(days=YEAR_DAYS - 1)
    return Running("", "", first, last).week_of(on, plan.params.n_weeks)
