"""Words that the page for the street says from its script."""

from django.utils.translation import gettext as _


def field_words() -> dict[str, str]:
    return {
        "online": _("Connected"),
        "offline": _("No connection"),
        "signed-out": _("Signed out"),
        "locked": _("Signed out"),
        "waiting": _("Not sent yet"),
        "refused": _("Refused"),
        "sent": _("Sent"),
        "case": _("Case"),
        "visit": _("Visit"),
        "away": _("%(metres)s m away"),
        "here": _("Here: %(metres)s m from the target, ± %(accuracy)s m."),
        "too_far": _("%(metres)s m from the target: write why below."),
        "outside_grid": _("%(metres)s m from the middle of the grid. If outside it, write why."),
        "no_target": _("Position taken, ± %(accuracy)s m."),
        "no_position": _("Your position is not known. Write why below."),
        "position_taken": _("Position taken, ± %(accuracy)s m."),
        "kept": _("Kept on this device. It is sent by itself when you are connected."),
        "kept_and_sent": _("Sent."),
        "not_kept": _("This cannot be kept: sign in first. What you wrote stays on the screen."),
        "no_words": _("Say in a few words what is the matter."),
        "no_place": _("Say where: use “Here”, or write an address."),
        "no_check_in": _("Check in first, or write why you are not there."),
        "too_many_photos": _("Leave it at 12 photos a visit."),
        "unanswered": _("Answer: %(label)s"),
        "forbidden": _("You may not do this (any more). Ask your community."),
        "gone": _("The server does not take this. Try again, or delete it."),
        "delete": _("Delete “%(label)s” for good? It has not been sent."),
        "yes": _("yes"),
        "no": _("no"),
        "remove": _("Remove"),
        "take_place": _("Take my position"),
        "optional": _("optional"),
        "taken_at": _("Taken along %(time)s"),
        "none_due": _("Nothing is due in your grids."),
        "none_waiting": _("Nothing waits here. What you send without a connection stands here."),
    }
